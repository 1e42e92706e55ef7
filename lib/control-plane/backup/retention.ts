import { rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { transaction, type Database } from '../store/database.ts';
import { deleteBackupEvents } from '../store/backup-events.ts';
import { deleteFullBackup, listFullBackups } from '../store/full-backups.ts';
import { deleteLogChain, listLogChains } from '../store/log-chains.ts';
import { deleteLogSegment, listLogSegments } from '../store/log-segments.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { readRestore } from '../store/restores.ts';
import { listBackedUpServers, type ServerRow } from '../store/servers.ts';
import { planPruning, type Pruning } from './retention-plan.ts';
import { pairedLocation, removeBackupKey, storePaths } from './store-layout.ts';

interface RetentionWorld {
  database: Database;
  clock: Clock;
  paths: { home: string };
}

const DAY_MS = 24 * 3_600_000;

/** For so long a deleted server can be restored, as in Azure. */
export const DELETED_SERVER_MS = 5 * DAY_MS;

/** Takes away what is older than each server's retention. @returns what it did. */
export async function retain(world: RetentionWorld): Promise<string | undefined> {
  const { database, clock } = world;
  const inUse = new Set(
    listOperationsInProgress(database)
      .filter(({ kind }) => kind === 'restore-server' || kind === 'verify-backup')
      .map(({ id, serverId }) => readRestore(database, id)?.sourceServerId ?? serverId),
  );
  let removed = 0;
  for (const server of listBackedUpServers(database)) {
    if (inUse.has(server.id)) continue;
    if (server.deletedAt !== null && clock.now() - server.deletedAt > DELETED_SERVER_MS) {
      removed += await removeAll(world, server);
      continue;
    }
    const { backupRetentionDays } = server.intent.properties['backup'] as { backupRetentionDays: number };
    const archive = {
      fullBackups: listFullBackups(database, server.id),
      segments: listLogSegments(database, server.id),
      chains: listLogChains(database, server.id),
    };
    removed += await prune(world, server, planPruning(archive, (clock.now() - backupRetentionDays * DAY_MS) * 1000));
  }
  return removed === 0 ? undefined : `removed ${removed} files of backups that are older than their retention`;
}

/** The store forgets first: a file that nobody knows does no harm, and is removed with its server at the latest. */
async function prune({ database, paths }: RetentionWorld, server: ServerRow, pruning: Pruning): Promise<number> {
  const { fullBackups, segments, chains, before } = pruning;
  transaction(database, () => {
    for (const id of fullBackups) deleteFullBackup(database, id);
    for (const id of segments) deleteLogSegment(database, id);
    for (const id of chains) deleteLogChain(database, id);
    deleteBackupEvents(database, server.id, { before });
  });
  for (const location of [server.location, pairedLocation(server.location)]) {
    const store = storePaths(paths.home, location, server.id);
    for (const id of fullBackups) await rm(store.full(id), { force: true });
    for (const id of segments) await rm(store.segment(id), { force: true });
  }
  return fullBackups.length + segments.length;
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
