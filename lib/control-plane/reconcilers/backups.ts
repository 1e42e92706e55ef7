import { retain } from '../backup/retention.ts';
import { copyToPair, removeFromPair } from '../backup/geo-copy.ts';
import { isVerificationDue, planFullBackup } from '../backup/schedule.ts';
import { beginBackUpServer, beginVerifyBackup } from '../operations/begin-backup.ts';
import type { Control } from '../operations/world.ts';
import { readBackupSettings } from '../store/backup-settings.ts';
import { listBackupVerifications } from '../store/backup-verifications.ts';
import { listFullBackups } from '../store/full-backups.ts';
import { findOpenChain } from '../store/log-chains.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { itself } from './itself.ts';
import type { Reconciler } from './loop.ts';

const RETAIN_EVERY_MS = 60_000;

/** Full backups by their schedule, the second copies of geo-redundant servers, and the end of what is too old. */
export function backupsReconciler(control: Control, tenantId: string): Reconciler {
  const { world } = control;
  const { database, clock, newId } = world;
  let retainedAt = 0;

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

  function verify(server: ServerRow): string | undefined {
    const { verificationIntervalHours } = readBackupSettings(database, server.id);
    const [last] = listBackupVerifications(database, server.id, 1);
    const intervalMs = verificationIntervalHours * 3_600_000;
    const isDue = isVerificationDue(last, { now: clock.now(), since: server.createdAt, intervalMs });
    if (!isDue || server.state !== 'Ready') return undefined;
    if (!listFullBackups(database, server.id).some(({ state }) => state === 'Succeeded')) return undefined;
    beginVerifyBackup(control, { server, apiVersion: '', caller: itself(tenantId, newId()) });
    return `verifying the newest backup of ${server.name}`;
  }

  return {
    name: 'backups',
    everyMs: 1000,
    async tick() {
      const stories: (string | undefined)[] = [];
      for (const server of listServers(database)) {
        stories.push(schedule(server) ?? verify(server));
        const { geoRedundantBackup } = server.intent.properties['backup'] as { geoRedundantBackup: string };
        stories.push(
          geoRedundantBackup === 'Enabled' ? await copyToPair(world, server) : await removeFromPair(world, server),
        );
      }
      if (clock.now() - retainedAt > RETAIN_EVERY_MS || clock.now() < retainedAt) {
        retainedAt = clock.now();
        stories.push(await retain(world));
      }
      return stories.filter((story) => story !== undefined).join('; ') || undefined;
    },
  };
}
