import type { Server } from '../arm/mysql/server.ts';
import type { ServerBackups } from '../arm/mysql/server-backups.ts';

/** Azure says that its newest restore point is at most this old. */
const AZURE_BEHIND_MS = 5 * 60_000;

interface ListedBackup {
  name: string;
  properties?: { completedTime?: string | null; source?: string | null } | null;
}

/** From what every cloud tells. @param now milliseconds since 1970. */
export function timelineOfBackups(server: Server, backups: readonly ListedBackup[], now: number): ServerBackups {
  const earliest = server.properties.backup?.earliestRestoreDate ?? null;
  const newest =
    earliest === null ? null : new Date(Math.max(Date.parse(earliest), now - AZURE_BEHIND_MS)).toISOString();
  return {
    detailed: false,
    earliestRestorePoint: earliest,
    newestRestorePoint: newest,
    archive: { state: 'Archiving', reason: null, secondsBehind: null },
    fullBackups: backups
      .flatMap(({ name, properties }) =>
        properties?.completedTime
          ? [
              {
                name,
                source: properties.source?.toLowerCase() === 'automatic' ? ('Automatic' as const) : ('Manual' as const),
                state: 'Succeeded' as const,
                startedAt: properties.completedTime,
                completedAt: properties.completedTime,
                restorePoint: properties.completedTime,
                sizeBytes: 0,
                geoCopied: server.properties.backup?.geoRedundantBackup === 'Enabled',
                problem: null,
              },
            ]
          : [],
      )
      .toSorted((a, b) => Date.parse(b.completedAt) - Date.parse(a.completedAt)),
    log: earliest && newest ? [{ from: earliest, to: newest, bytes: 0, transactions: 0 }] : [],
    gaps: [],
    events: [],
    store: { bytes: 0, geoBytes: 0, geoFailure: null },
    lastVerification: null,
    settings: { verificationIntervalHours: 0, bigChangeRows: 0 },
  };
}
