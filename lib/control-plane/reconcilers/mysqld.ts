import { isOfEarlierBoot } from '../mysql/adoption.ts';
import { beginFailoverServer, beginRecoverServer, beginResumeServer } from '../operations/begin.ts';
import { findMysqld } from '../operations/mysqld.ts';
import type { Control } from '../operations/world.ts';
import { isZoneLost } from '../operations/zones.ts';
import { transaction } from '../store/database.ts';
import {
  findPrimary,
  findStandby,
  listPrimaries,
  setDesired,
  setProcess,
  setRestarts,
  type InstanceRow,
} from '../store/instances.ts';
import { listBusyServers } from '../store/operations.ts';
import { listServers, updateServer, type ServerRow } from '../store/servers.ts';
import { itself } from './itself.ts';
import { apart } from './apart.ts';
import { teller, type Reconciler } from './loop.ts';

/** How often a mysqld that ends is started again, before people are told and it is left alone. */
export const RESTART_POLICY = { most: 5, withinMs: 5 * 60_000 };

/** One server as it is. */
export interface Observed {
  serverId: string;
  name: string;
  desired: 'running' | 'stopped';
  /** Whether its mysqld lives. */
  alive: boolean;
  /** The last attempt to bring it back failed, though its mysqld lives: it did not answer in time, or its port was taken. */
  unfinished: boolean;
  /** Its mysqld ended with the control plane or with the machine, not by itself. */
  stoppedOnPurpose: boolean;
  /** An exclusive operation has it: that one sees to it. */
  busy: boolean;
  /** When it was started again before. */
  restarts: readonly number[];
}

export type Action =
  | { do: 'recover' | 'resume' | 'finish'; serverId: string; restarts: number[]; story: string }
  | { do: 'giveUp'; serverId: string; story: string };

/** What to do about servers whose mysqld is gone, or came back only by half. Pure. */
export function planRecovery(servers: readonly Observed[], now: number): Action[] {
  return servers.flatMap((server): Action[] => {
    const { serverId, name, alive } = server;
    if (server.desired === 'stopped' || server.busy || (alive && !server.unfinished)) return [];
    // One in the future is from before the clock was set back.
    const recent = server.restarts.filter((at) => at > now - RESTART_POLICY.withinMs && at <= now);
    if (recent.length >= RESTART_POLICY.most) {
      // What lives may still get there, and is looked at again when some time has passed.
      if (alive) return [];
      const minutes = RESTART_POLICY.withinMs / 60_000;
      return [{ do: 'giveUp', serverId, story: `gave up ${name}: ${recent.length} starts within ${minutes} minutes` }];
    }
    const restarts = [...recent, now];
    const attempt = `attempt ${restarts.length} of ${RESTART_POLICY.most}`;
    if (alive) return [{ do: 'finish', serverId, restarts, story: `looking after ${name} again, ${attempt}` }];
    return server.stoppedOnPurpose
      ? [{ do: 'resume', serverId, restarts, story: `starting mysqld of ${name} with the control plane` }]
      : [{ do: 'recover', serverId, restarts, story: `starting mysqld of ${name} again, ${attempt}` }];
  });
}

/** Keeps every mysqld alive that should be, adopting those that an earlier daemon started. */
export function mysqldReconciler(control: Control, tenantId: string): Reconciler {
  const { database, clock, fronts, log, newId } = control.world;
  const tell = teller((details) => log.error({ reconciler: 'mysqld', ...details }, 'a server was not seen to'));

  function observe(server: ServerRow, primary: InstanceRow | undefined, busy: boolean): Observed[] {
    // Where a standby may take over, the high availability reconciler decides who goes on.
    if (!primary || server.haState === 'Healthy' || server.haState === 'FailingOver') return [];
    // It comes back with its zone.
    if (isZoneLost(database, server, primary.zone)) return [];
    const { desired, restarts } = primary;
    const running = desired === 'running' && !busy ? findMysqld(control.world, primary) : undefined;
    if (running && running !== primary.process) setProcess(database, primary.id, running);
    return [
      {
        serverId: server.id,
        name: server.name,
        desired,
        alive: running !== undefined,
        unfinished: server.state === 'Starting',
        stoppedOnPurpose: primary.process === undefined || isOfEarlierBoot(primary.process),
        busy,
        restarts,
      },
    ];
  }

  async function act(action: Action, server: ServerRow): Promise<void> {
    const primary = findPrimary(database, server.id);
    if (!primary) return;
    if (action.do !== 'giveUp') {
      setRestarts(database, primary.id, action.restarts);
      const caller = itself(tenantId, newId());
      if (action.do === 'resume') {
        beginResumeServer(control, { server, apiVersion: '', caller });
        return;
      }
      const attempt = `${action.restarts.length} of ${RESTART_POLICY.most}`;
      const reason =
        action.do === 'finish'
          ? `MySQL runs, but the server does not answer yet; it is being looked after (${attempt}).`
          : action.restarts.length === 1
            ? 'MySQL is being started again.'
            : `MySQL ended; it is being started again (${attempt}).`;
      beginRecoverServer(control, { server, apiVersion: '', caller, reason });
      return;
    }
    const reason = `Its database process ended ${RESTART_POLICY.most} times within ${RESTART_POLICY.withinMs / 60_000} minutes and is left alone.`;
    if (server.haState === 'CreatingStandby' && findStandby(database, server.id)) {
      // The standby has not all that was acknowledged. The rest is in the dead one's binary log.
      const writesStoppedAt = primary.restarts[0] ?? clock.now();
      const caller = itself(tenantId, newId());
      const request = { server, kind: 'automatic', reason, writesStoppedAt, readsBinaryLog: true } as const;
      beginFailoverServer(control, { ...request, apiVersion: '', caller });
      return;
    }
    transaction(database, () => {
      setDesired(database, primary.id, 'stopped');
      const stateReason = `${reason} ${server.stateReason ?? ''}`;
      updateServer(database, server.id, { state: 'Disabled', stateReason: stateReason.trim(), front: 'closed' });
    });
    await fronts.push();
  }

  return {
    name: 'mysqld',
    everyMs: 500,
    async tick() {
      const servers = new Map(listServers(database).map((server) => [server.id, server]));
      const primaries = listPrimaries(database);
      const busy = listBusyServers(database);
      const observed = [...servers.values()].flatMap((server) =>
        observe(server, primaries.get(server.id), busy.has(server.id)),
      );
      const actions = planRecovery(observed, clock.now());
      const stories = await apart(
        actions,
        async (action) => {
          await act(action, servers.get(action.serverId)!);
          return action.story;
        },
        tell,
      );
      return stories.join('; ') || undefined;
    },
  };
}
