import { setTimeout as delay } from 'node:timers/promises';
import { serverId as armServerId } from '../../arm/resource-id.ts';
import { doWritersWait, isFull, judgeDisks, type Verdict } from '../ha/detection.ts';
import { recordHaEvent } from '../ha/transition.ts';
import { isAlive, isOfEarlierBoot } from '../mysql/adoption.ts';
import { killMysqld } from '../mysql/process.ts';
import { setAcknowledgement } from '../mysql/replication.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { beginFailoverServer, beginRebuildStandby } from '../operations/begin.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { withInstance } from '../operations/server-steps.ts';
import type { Control } from '../operations/world.ts';
import { isZoneLost } from '../operations/zones.ts';
import { transaction } from '../store/database.ts';
import { findPrimary, findStandby, setRestarts, type InstanceRow } from '../store/instances.ts';
import { findExclusiveOperation, listOperationsInProgress } from '../store/operations.ts';
import { listHighlyAvailableServers, updateServer, type ServerRow } from '../store/servers.ts';
import { watchSides } from './high-availability-sides.ts';
import { itself } from './itself.ts';
import { teller, type Reconciler } from './loop.ts';

const NAME = 'high-availability';
const EVERY_MS = 50;
/** How often a standby is rebuilt, before it is left alone until the window has passed. */
export const REBUILD_POLICY = { most: 8, withinMs: 5 * 60_000 };
/** A standby that was Healthy for so long starts with a clean sheet. */
const LASTING_MS = 30_000;
/** How soon a rebuild that failed is tried again. */
const REBUILD_AGAIN_MS = 2_000;
/** Releasing writers of a primary that hangs must not hold up everything else. */
const RELEASE_MS = 5_000;

const WRITERS_WAIT =
  'The disk of the primary is full, and the standby’s has no room to go on with: writers wait. Make room on either.';

/**
 * Watches both sides of every highly available server, some twenty times a second: fails over when the primary is lost,
 * releases writers when the standby is, and brings standbys back.
 */
export function highAvailabilityReconciler(control: Control, tenantId: string): Reconciler & { stop(): Promise<void> } {
  const { world, engine } = control;
  const { database, clock, log, newId } = world;
  const sides = watchSides(world);
  /** What is being done about servers, by their ids. */
  const underway = new Map<string, Promise<void>>();
  const tell = teller((details) => log.error({ reconciler: NAME, ...details }, 'a server could not be looked after'));

  /** Nothing is won by a change, but people are told. */
  function tellWhetherWritersWait(server: ServerRow, isWaiting: boolean): string | undefined {
    const haReason = isWaiting ? WRITERS_WAIT : null;
    if (server.haReason === haReason) return undefined;
    updateServer(database, server.id, { haReason });
    return `${server.name}: ${haReason ?? 'there is room on its disks again'}`;
  }

  async function tickServer(server: ServerRow): Promise<string | undefined> {
    const primary = findPrimary(database, server.id);
    const standby = findStandby(database, server.id);
    // One that is being deleted loses its standby, and that is nothing to tell.
    if (!primary || !standby || server.state === 'Dropping') return undefined;
    if (server.haState === 'Healthy') return tickHealthy(server, primary, standby);
    if (server.haState === 'CreatingStandby') return tickCreating(server, primary, standby);
    return undefined;
  }

  async function tickHealthy(
    server: ServerRow,
    primary: InstanceRow,
    standby: InstanceRow,
  ): Promise<string | undefined> {
    const free = sides.freeOnBoth(primary, standby);
    const full = judgeDisks(...free);
    const isFullDisk: Verdict = { lost: true, why: 'its disk is full' };
    const ofPrimary = sides.judgePrimary(primary);
    const ofStandby = sides.judgeStandby(server, primary, standby);
    const primaryVerdict = full === 'primary' && primary.desired === 'running' ? isFullDisk : ofPrimary;
    const standbyVerdict = full === 'standby' ? isFullDisk : ofStandby;
    const why = ({ zone }: InstanceRow, verdict: Verdict & { lost: true }) =>
      isZoneLost(database, server, zone) ? `zone ${zone} was lost` : verdict.why;
    if (standbyVerdict.lost) {
      const story = await loseStandby(server, primary, standby, why(standby, standbyVerdict));
      if (standbyVerdict.endsProcess && standby.process) await killMysqld(standby.process);
      return story;
    }
    if (!primaryVerdict.lost) return tellWhetherWritersWait(server, doWritersWait(...free));
    const running = findExclusiveOperation(database, server.id);
    if (running) {
      // One that itself stops the primary has written that down: what is seen here is none of it.
      engine.interrupt(running.id, `The primary was lost: ${primaryVerdict.why}. The standby takes over.`);
      // What it asks one that is frozen would never be answered, and it would never end.
      if (primary.process && isAlive(primary.process)) await killMysqld(primary.process);
      return undefined;
    }
    // It may still be deciding about the standby: that one is not asked while it does not answer.
    if ((sides.probe(standby)?.unansweredMs() ?? 0) > 500) return undefined;
    const reason = `The primary was lost: ${why(primary, primaryVerdict)}.`;
    const { id } = beginFailoverServer(control, {
      server,
      kind: 'automatic',
      reason,
      writesStoppedAt: clock.now(),
      ...request(),
    });
    return `${server.name}: ${reason} Failing over (${id})`;
  }

  /** Durably first, then writers go on without it. */
  async function loseStandby(
    server: ServerRow,
    primary: InstanceRow,
    standby: InstanceRow,
    why: string,
  ): Promise<string> {
    // It ended with the control plane or the machine: no incident, and nothing to tell in the history.
    const isResting = standby.process === undefined || isOfEarlierBoot(standby.process);
    const reason = isResting
      ? 'The server is starting with the control plane: its standby is joining again.'
      : `The standby was lost: ${why}. Until it is back, nothing fails over by itself.`;
    const { caller } = request();
    transaction(database, () => {
      const at = clock.now();
      recordHaEvent(database, server.id, { when: 'StandbyLost', reason, at });
      if (server.haSince !== null && server.haSince < at - LASTING_MS) setRestarts(database, standby.id, []);
      if (isResting) return;
      recordActivity(database, {
        action: 'Flexdeck.Local/flexibleServers/standbyLost/action',
        title: 'Standby lost',
        resourceId: resourceIdOf(server),
        caller,
        status: 'Succeeded',
        story: reason,
        operationId: newId(),
        eventId: newId(),
        at,
      });
    });
    await release(primary);
    return `${server.name}: ${reason}`;
  }

  /** Writers that wait for the standby go on without it. A primary that is dead has none. */
  async function release(primary: InstanceRow): Promise<void> {
    if (!primary.process || !isAlive(primary.process)) return;
    const open = sides.probe(primary)?.connection();
    const released = open
      ? setAcknowledgement(open, 'OFF')
      : withInstance(world, primary, (connection) => setAcknowledgement(connection, 'OFF'));
    const late = new Promise<void>((_, reject) => {
      setTimeout(() => reject(new Error('it does not answer')), RELEASE_MS).unref();
    });
    await Promise.race([released, late]).catch((failure) => {
      log.warn({ err: failure, instance: primary.id }, 'writers could not be released');
    });
  }

  async function tickCreating(
    server: ServerRow,
    primary: InstanceRow,
    standby: InstanceRow,
  ): Promise<string | undefined> {
    if (server.state !== 'Ready') return undefined;
    const primaryVerdict = sides.judgePrimary(primary);
    if (primaryVerdict.lost) {
      // Frozen, and nobody may take over: the mysqld reconciler starts it again once it is dead.
      if (primary.process && isAlive(primary.process)) {
        await killMysqld(primary.process);
        return `${server.name}: ended the primary, since ${primaryVerdict.why}`;
      }
      return undefined;
    }
    const probe = sides.probe(primary);
    // A daemon that died before it had released them, or a primary that hung then.
    const isBusy = listOperationsInProgress(database).some(
      ({ serverId, exclusive, kind }) => serverId === server.id && (exclusive || kind === 'rebuild-standby'),
    );
    if (isBusy || !findMysqld(world, primary) || (probe && probe.unansweredMs() > 500)) return undefined;
    if (isZoneLost(database, server, standby.zone)) {
      const reason = `Zone ${standby.zone}, the standby’s, is lost. It is brought back with the zone. Until then, nothing fails over.`;
      if (server.haReason === reason) return undefined;
      await release(primary);
      updateServer(database, server.id, { haReason: reason });
      return `${server.name}: ${reason}`;
    }
    // What cannot write cannot catch up: that is no failed attempt.
    if (isFull(sides.freeBytesFor(standby)) && !isFull(probe?.freeBytes())) {
      const reason =
        'The disk of the standby is full. It is brought back once there is room. Until then, nothing fails over.';
      if (server.haReason === reason) return undefined;
      // It would look for room once a minute only.
      if (standby.process && isAlive(standby.process)) await killMysqld(standby.process);
      updateServer(database, server.id, { haReason: reason });
      return `${server.name}: ${reason}`;
    }
    const at = clock.now();
    // One in the future is from before the clock was set back.
    const recent = standby.restarts.filter((restart) => restart > at - REBUILD_POLICY.withinMs && restart <= at);
    const last = recent.at(-1);
    if (last !== undefined && last > at - REBUILD_AGAIN_MS) return undefined;
    if (recent.length >= REBUILD_POLICY.most) {
      const reason =
        `The standby was made ${recent.length} times within ${REBUILD_POLICY.withinMs / 60_000} minutes and did not last. ` +
        'It is left alone for some minutes.';
      if (server.haReason === reason) return undefined;
      updateServer(database, server.id, { haReason: reason });
      return `${server.name}: ${reason} Before: ${server.haReason}`;
    }
    const frozen = standby.process && isAlive(standby.process) && sides.judge(standby);
    if (frozen && frozen.lost) await killMysqld(standby.process!);
    await release(primary);
    setRestarts(database, standby.id, [...recent, at]);
    beginRebuildStandby(control, { server, ...request() });
    return `bringing the standby of ${server.name} back, attempt ${recent.length + 1} of ${REBUILD_POLICY.most}`;
  }

  function request() {
    return { apiVersion: '', caller: itself(tenantId, newId()) };
  }

  return {
    name: NAME,
    everyMs: EVERY_MS,
    async tick() {
      const servers = listHighlyAvailableServers(database);
      for (const server of servers) {
        if (underway.has(server.id)) continue;
        const work = tickServer(server).then((story) => void (story && log.info({ reconciler: NAME }, story)), tell);
        const watched = work.finally(() => underway.delete(server.id));
        underway.set(server.id, watched);
      }
      sides.keepOnly(servers);
      // A server that takes long, such as one whose mysqld hangs, keeps no other waiting.
      await Promise.race([Promise.all(underway.values()), delay(EVERY_MS, undefined, { ref: false })]);
      return undefined;
    },
    async stop() {
      await Promise.all(underway.values());
      sides.stop();
    },
  };
}

function resourceIdOf({ subscriptionId, resourceGroup, name }: ServerRow): string {
  return armServerId({ subscriptionId, resourceGroup, serverName: name });
}
