import { rm } from 'node:fs/promises';
import { transaction, type Database } from '../store/database.ts';
import { deleteBackupEvents } from '../store/backup-events.ts';
import { deleteFullBackup, listFullBackups } from '../store/full-backups.ts';
import { deleteLogChain, listLogChains } from '../store/log-chains.ts';
import { deleteLogSegment, listLogSegments } from '../store/log-segments.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { readRestore } from '../store/restores.ts';
import { listBackedUpServers, type ServerRow } from '../store/servers.ts';
import { planPruning, type Pruning } from './retention-plan.ts';
import { removeStrayFiles } from './store-check.ts';
import { removeBackupKey } from './backup-keys.ts';
import { pairedLocation, storePaths } from './store-layout.ts';

interface RetentionWorld {
  database: Database;
  paths: { home: string };
  /** The time by which backups grow old, in milliseconds. */
  now: number;
  /** May end the process there, for tests. */
  failpoint?: (operation: string, step: string, when: 'before' | 'after') => void;
}

const DAY_MS = 24 * 3_600_000;

/** For so long a deleted server can be restored, as in Azure. */
export const DELETED_SERVER_MS = 5 * DAY_MS;

/** Takes away what is older than each server's retention. @returns what it did. */
export async function retain(world: RetentionWorld): Promise<string | undefined> {
  const { database } = world;
  let removed = 0;
  const failures: unknown[] = [];
  for (const server of listBackedUpServers(database)) {
    try {
      removed += await retainOf(world, server);
    } catch (failure) {
      // One server's trouble is no other's.
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Backups that are too old were not removed.');
  return removed === 0 ? undefined : `removed ${removed} files of backups that are older than their retention`;
}

async function retainOf(world: RetentionWorld, server: ServerRow): Promise<number> {
  const { database, now } = world;
  if (isInUse(database, server.id)) return 0;
  if (server.deletedAt !== null && now - server.deletedAt > DELETED_SERVER_MS) return removeAll(world, server);
  const { backupRetentionDays } = server.intent.properties['backup'] as { backupRetentionDays: number };
  const archive = {
    fullBackups: listFullBackups(database, server.id),
    segments: listLogSegments(database, server.id),
    chains: listLogChains(database, server.id),
  };
  // A deleted server's grow no older: it can be restored to any moment that it could when it was deleted.
  const until = Math.min(now, server.deletedAt ?? now);
  const pruned = await prune(world, server, planPruning(archive, (until - backupRetentionDays * DAY_MS) * 1000));
  return pruned + (await removeStrayFiles(world, server));
}

/** What a restore has chosen stays until it has ended. */
function isInUse(database: Database, serverId: string): boolean {
  // Whatever restores: new servers, verifications, rehearsals of upgrades.
  return listOperationsInProgress(database).some(({ id }) => readRestore(database, id)?.sourceServerId === serverId);
}

/** The store forgets first: what a death in between leaves is a file that nobody knows, and removed at the next look. */
async function prune(
  { database, paths, failpoint }: RetentionWorld,
  server: ServerRow,
  pruning: Pruning,
): Promise<number> {
  const { fullBackups, segments, chains, before } = pruning;
  const files = fullBackups.length + segments.length;
  if (files > 0) failpoint?.('retain-backups', 'forgotten', 'before');
  transaction(database, () => {
    for (const id of fullBackups) deleteFullBackup(database, id);
    for (const id of segments) deleteLogSegment(database, id);
    for (const id of chains) deleteLogChain(database, id);
    deleteBackupEvents(database, server.id, { before });
  });
  if (files > 0) failpoint?.('retain-backups', 'forgotten', 'after');
  for (const location of [server.location, pairedLocation(server.location)]) {
    const store = storePaths(paths.home, location, server.id);
    for (const id of fullBackups) await rm(store.full(id), { force: true });
    for (const id of segments) await rm(store.segment(id), { force: true });
  }
  return files;
}

async function removeAll(world: RetentionWorld, server: ServerRow): Promise<number> {
  const { database, paths } = world;
  const fullBackups = listFullBackups(database, server.id).map(({ id }) => id);
  const segments = listLogSegments(database, server.id).map(({ id }) => id);
  const chains = listLogChains(database, server.id).map(({ id }) => id);
  await prune(world, server, { fullBackups, segments, chains, before: Number.MAX_SAFE_INTEGER });
  for (const location of [server.location, pairedLocation(server.location)]) {
    await rm(storePaths(paths.home, location, server.id).folder, { recursive: true, force: true });
  }
  await removeBackupKey(paths.home, server.id);
  return fullBackups.length + segments.length;
}
