import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { findOpenChain } from '../store/log-chains.ts';
import { findLastLogSegment, listLogSegments } from '../store/log-segments.ts';
import { listBackedUpServers, listServers } from '../store/servers.ts';
import { readBackupSettings } from '../store/backup-settings.ts';
import { archiveFailureWords } from './archive-words.ts';
import type { LogSource } from './archive-session.ts';
import { Archiver, type ArchiveStatus } from './archiver.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { closeLeftOpen } from './segment-writer.ts';
import { ensureBackupKey, keepBackupKey } from './backup-keys.ts';
import { storePaths } from './store-layout.ts';

/** What geo-redundant servers may lose with their location at most, when all goes well. */
const GEO_SEGMENT_MS = 5 * 60_000;
const SEGMENT_MS = 60 * 60_000;
/** So often it is seen to that the keys are still there. */
const KEYS_MS = 10_000;
/** A server that hangs keeps nobody from an answer. */
const MEASURE_MS = 1000;

/** The archives of all servers' logs. */
export interface Archives {
  /** Begins for servers that are new, ends for those that are gone. */
  look(): Promise<void>;
  status(serverId: string): ArchiveStatus | undefined;
  /** From then on the status says how far the archive is now, unless the server does not answer. */
  measure(serverId: string): Promise<void>;
  chainId(serverId: string): string | undefined;
  /** What lies in closed segments, and where the last of it is in whose log. */
  closed(serverId: string): { gtids: GtidSet; instanceId: string; file: string } | undefined;
  /** Resolves true when all of that is archived, false when the time is over. */
  waitFor(serverId: string, gtids: GtidSet, timeoutMs: number): Promise<boolean>;
  /** What has been archived lies in closed segments. */
  flush(serverId: string): Promise<void>;
  /** Of one server, before it is taken apart. */
  end(serverId: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param source the primary of a server, while its mysqld lives. */
export function createArchives(
  world: { database: Database; clock: Clock; log: Logger; paths: { home: string }; newId(): string },
  source: (serverId: string) => LogSource | undefined,
): Archives {
  const { database, clock, log, paths, newId } = world;
  const archivers = new Map<string, Archiver>();
  const keys = new Map<string, Buffer>();
  /** Servers that have backups and no key, with the sentence that says so. */
  const keyless = new Map<string, string>();
  let keysSeenAt = 0;
  let isFirstLook = true;
  let stopped = false;

  /** A daemon that died while a server was deleted may have left its last segment open. */
  async function closeOfDeleted(): Promise<void> {
    for (const { id, location, deletedAt } of listBackedUpServers(database)) {
      if (deletedAt === null || findLastLogSegment(database, id)?.state !== 'open') continue;
      try {
        const key = await ensureBackupKey(paths.home, { id, location });
        const { bigChangeRows } = readBackupSettings(database, id);
        await closeLeftOpen(database, id, { paths: storePaths(paths.home, location, id), key, bigChangeRows });
      } catch (failure) {
        log.error({ err: failure, server: id }, 'the last segment of a deleted server was not closed');
      }
    }
  }

  async function end(serverId: string): Promise<void> {
    const archiver = archivers.get(serverId);
    if (!archiver) return;
    await archiver.stop();
    archivers.delete(serverId);
    keys.delete(serverId);
  }

  /** Undefined where it is missing: then nothing is archived, and the status says why. */
  async function keyOf(id: string, location: string): Promise<Buffer | undefined> {
    try {
      const key = await ensureBackupKey(paths.home, { id, location });
      keyless.delete(id);
      keys.set(id, key);
      return key;
    } catch (failure) {
      if (!keyless.has(id)) log.error({ err: failure, server: id }, 'the key of its backups cannot be had');
      keyless.set(id, archiveFailureWords(failure as Error));
      return undefined;
    }
  }

  /** A key that somebody removed is known as long as this process lives, and is written down again. */
  async function keepKeys(): Promise<void> {
    if (Math.abs(clock.now() - keysSeenAt) < KEYS_MS) return;
    keysSeenAt = clock.now();
    for (const [id, key] of keys) {
      if (!(await keepBackupKey(paths.home, id, key))) continue;
      log.error({ server: id }, 'the key of its backups was gone, and was written down again');
    }
  }

  return {
    async look() {
      const servers = listServers(database);
      if (isFirstLook) {
        isFirstLook = false;
        await closeOfDeleted();
      }
      for (const { id, location } of servers) {
        const known = archivers.get(id);
        if (known) {
          known.look();
          continue;
        }
        // Before its first moment in use there is nothing to archive.
        if (!source(id) && !findOpenChain(database, id)) continue;
        const key = await keyOf(id, location);
        if (!key || stopped || archivers.has(id)) continue;
        const geo = () => {
          const server = listServers(database).find((one) => one.id === id);
          const backup = server?.intent.properties['backup'] as { geoRedundantBackup?: string } | undefined;
          return backup?.geoRedundantBackup === 'Enabled';
        };
        const archiver = new Archiver({
          database,
          clock,
          log,
          serverId: id,
          paths: storePaths(paths.home, location, id),
          key,
          newId,
          source: () => source(id),
          segmentMs: () => (geo() ? GEO_SEGMENT_MS : SEGMENT_MS),
          bigChangeRows: () => readBackupSettings(database, id).bigChangeRows,
        });
        archivers.set(id, archiver);
      }
      const live = new Set(servers.map(({ id }) => id));
      for (const id of archivers.keys()) if (!live.has(id)) await end(id);
      for (const id of keyless.keys()) if (!live.has(id)) keyless.delete(id);
      await keepKeys();
    },
    status(serverId) {
      const reason = keyless.get(serverId);
      if (reason === undefined) return archivers.get(serverId)?.status();
      return { state: 'Broken', reason, coveredUntil: null, lastMoment: 0, open: undefined };
    },
    measure: async (serverId) => archivers.get(serverId)?.measure(MEASURE_MS),
    chainId: (serverId) => archivers.get(serverId)?.chainId,
    closed(serverId) {
      const chain = findOpenChain(database, serverId);
      const last = listLogSegments(database, serverId).findLast(({ state }) => state !== 'open');
      if (!chain || last?.chainId !== chain.id || !last.gtidsAfter) return undefined;
      return { gtids: GtidSet.parse(last.gtidsAfter), instanceId: last.instanceId, file: last.sourceFile };
    },
    waitFor: async (serverId, gtids, timeoutMs) => archivers.get(serverId)?.waitFor(gtids, timeoutMs) ?? false,
    flush: async (serverId) => archivers.get(serverId)?.flush(),
    end,
    async stop() {
      stopped = true;
      await Promise.all([...archivers.keys()].map(end));
    },
  };
}
