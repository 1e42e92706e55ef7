import { readArchive } from '../backup/catalog.ts';
import { unreachableTail } from '../backup/restore-plan.ts';
import { retain } from '../backup/retention.ts';
import { copyToPair, removeFromPair } from '../backup/geo-copy.ts';
import { isVerificationDue, planFullBackup } from '../backup/schedule.ts';
import { checkStore } from '../backup/store-check.ts';
import { steadyTime } from '../backup/steady-time.ts';
import { beginBackUpServer, beginVerifyBackup } from '../operations/begin-backup.ts';
import type { Control } from '../operations/world.ts';
import { readBackupSettings } from '../store/backup-settings.ts';
import { listBackupVerifications } from '../store/backup-verifications.ts';
import { listFullBackups } from '../store/full-backups.ts';
import { findOpenChain } from '../store/log-chains.ts';
import { listLogSegments } from '../store/log-segments.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { listBackedUpServers, listServers, type ServerRow } from '../store/servers.ts';
import { readSteadyTime, writeSteadyTime } from '../store/steady-time.ts';
import { itself } from './itself.ts';
import type { Reconciler } from './loop.ts';

const RETAIN_EVERY_MS = 60_000;
const AGAIN_MS = 30_000;
const MOST_VERIFICATIONS = 50;
const CHECK_EVERY_MS = 60 * 60_000;

interface BackupsOptions {
  failpoint?: ((operation: string, step: string, when: 'before' | 'after') => void) | undefined;
  /** Milliseconds by a clock that cannot be set. */
  elapsed?: () => number;
}

/** Full backups by their schedule, the second copies of geo-redundant servers, and the end of what is too old. */
export function backupsReconciler(
  control: Control,
  tenantId: string,
  { failpoint, elapsed = () => performance.now() }: BackupsOptions = {},
): Reconciler {
  const { world } = control;
  const { database, clock, newId, paths, log } = world;
  let retainedAt: number | undefined;
  let checkedAt: number | undefined;
  const failures = new Map<string, number>();

  function schedule(server: ServerRow): string | undefined {
    const chain = findOpenChain(database, server.id);
    if (server.state !== 'Ready' || !chain) return undefined;
    const fullBackups = listFullBackups(database, server.id);
    const good = fullBackups.filter(({ state }) => state === 'Succeeded');
    // A standby that is being made copies from the same source: one copy at a time. But a log that began anew leads
    // nowhere until it has a full backup, and that does not wait for a standby that may never come.
    const isAnew = good.length > 0 && !good.some(({ chainId }) => chainId === chain.id);
    const allowed = isAnew ? ['NotEnabled', 'Healthy', 'CreatingStandby'] : ['NotEnabled', 'Healthy'];
    if (!allowed.includes(server.haState)) return undefined;
    const running = listOperationsInProgress(database).some(
      ({ serverId, kind }) => serverId === server.id && (kind === 'back-up-server' || kind === 'verify-backup'),
    );
    if (running) return undefined;
    const { backupIntervalHours } = server.intent.properties['backup'] as { backupIntervalHours: number };
    const reason = planFullBackup(fullBackups, chain, {
      now: clock.now(),
      intervalMs: backupIntervalHours * 3_600_000,
      isBroken: isBroken(server),
    });
    if (!reason) return undefined;
    const stamp = new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const name = `backup_${stamp}_${newId().slice(0, 8)}`;
    beginBackUpServer(control, {
      server,
      name,
      source: 'Automatic',
      apiVersion: '',
      caller: itself(tenantId, newId()),
    });
    return `backing up ${server.name}: ${reason}`;
  }

  /** No way leads to the newest moment until there is a full backup after what is damaged. */
  function isBroken({ id }: ServerRow): boolean {
    if (!listLogSegments(database, id).some(({ state }) => state === 'damaged')) return false;
    return unreachableTail(readArchive(world, id))?.why === 'Broken';
  }

  function verify(server: ServerRow): string | undefined {
    const { verificationIntervalHours } = readBackupSettings(database, server.id);
    const tried = listBackupVerifications(database, server.id, MOST_VERIFICATIONS);
    // Those of a clock that was set back since would be due for ever.
    const last = tried.find(({ startedAt }) => startedAt <= clock.now()) ?? tried[0];
    const intervalMs = verificationIntervalHours * 3_600_000;
    const isDue = isVerificationDue(last, { now: clock.now(), since: server.createdAt, intervalMs });
    if (!isDue || server.state !== 'Ready') return undefined;
    if (!listFullBackups(database, server.id).some(({ state }) => state === 'Succeeded')) return undefined;
    beginVerifyBackup(control, { server, apiVersion: '', caller: itself(tenantId, newId()) });
    return `verifying the newest backup of ${server.name}`;
  }

  /** One server's trouble is no other's; it is told once, and tried again after a while. */
  async function attempt(server: ServerRow, work: () => Promise<string | undefined>): Promise<string | undefined> {
    const failedAt = failures.get(server.id);
    if (failedAt !== undefined && elapsed() - failedAt < AGAIN_MS) return undefined;
    try {
      const story = await work();
      failures.delete(server.id);
      return story;
    } catch (failure) {
      if (failedAt === undefined) log.error({ err: failure, server: server.id }, 'a backup store could not be seen to');
      failures.set(server.id, elapsed());
      return undefined;
    }
  }

  async function retainAll(): Promise<string | undefined> {
    const at = elapsed();
    const elapsedMs = retainedAt === undefined ? undefined : at - retainedAt;
    if (elapsedMs !== undefined && elapsedMs < RETAIN_EVERY_MS) return undefined;
    retainedAt = at;
    const steady = steadyTime(readSteadyTime(database), { now: clock.now(), elapsedMs });
    writeSteadyTime(database, steady);
    return retain({ database, paths, now: steady.at, ...(failpoint && { failpoint }) });
  }

  async function checkAll(): Promise<string[]> {
    const at = elapsed();
    if (checkedAt !== undefined && at - checkedAt < CHECK_EVERY_MS) return [];
    checkedAt = at;
    const found: string[] = [];
    for (const server of listBackedUpServers(database)) {
      await attempt(server, async () => {
        found.push(...(await checkStore(world, server)));
        return undefined;
      });
    }
    return found;
  }

  return {
    name: 'backups',
    everyMs: 1000,
    async tick() {
      const stories: (string | undefined)[] = [];
      for (const server of listServers(database)) {
        stories.push(schedule(server) ?? verify(server));
        const { geoRedundantBackup } = server.intent.properties['backup'] as { geoRedundantBackup: string };
        const copy = geoRedundantBackup === 'Enabled' ? copyToPair : removeFromPair;
        stories.push(await attempt(server, () => copy(world, server)));
      }
      stories.push(await retainAll(), ...(await checkAll()));
      return stories.filter((story) => story !== undefined).join('; ') || undefined;
    },
  };
}
