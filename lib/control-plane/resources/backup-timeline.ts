import type { BackupTimeline } from '../../arm/local/backup.ts';
import { readArchive } from '../backup/catalog.ts';
import { momentText, momentTextOrNull, parseMoment } from '../backup/moment.ts';
import { restorableWindows, unreachableTail, type Archive } from '../backup/restore-plan.ts';
import { tailWords } from '../operations/restore-steps.ts';
import { readBackupSettings } from '../store/backup-settings.ts';
import { listBackupVerifications } from '../store/backup-verifications.ts';
import { findGeoCopyFailure } from '../store/geo-copies.ts';
import type { ServerRow } from '../store/servers.ts';
import { backupEvents } from './backup-events.ts';
import { armVerification } from './backup-verifications.ts';
import { localRoute, localShell } from './local-route.ts';
import { invalidParameter } from './refusals.ts';
import type { Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

/** What there is to restore to, and what happened meanwhile. */
export function backupTimelineRoutes(resources: Resources): ArmRoute[] {
  return [
    localRoute(
      resources,
      {
        method: 'GET',
        name: 'backupTimeline',
        operationId: 'BackupTimeline_Get',
        permission: 'backupTimeline/read',
      },
      async (request, server) => {
        await resources.control.world.archives.measure(server.id);
        return {
          status: 200,
          body: { ...localShell(server, 'backupTimeline'), ...timeline(resources, request, server) },
        };
      },
    ),
  ];
}

function timeline({ control }: Resources, { query }: ArmRequest, server: ServerRow): BackupTimeline {
  const { database, archives, clock } = control.world;
  const archive = readArchive(control.world, server.id);
  const windows = restorableWindows(archive);
  const status = archives.status(server.id);
  const from = momentOf('from', query['from']) ?? 0;
  const to = momentOf('to', query['to']) ?? clock.now() * 1000;
  const covered = status?.coveredUntil ?? null;
  const geoBytes = [...archive.fullBackups, ...archive.segments]
    .filter(({ geoCopiedAt }) => geoCopiedAt !== null)
    .reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  const geoFailure = findGeoCopyFailure(database, server.id) ?? null;
  const [lastVerification] = listBackupVerifications(database, server.id, 1);
  return {
    properties: {
      earliestRestorePoint: momentTextOrNull(windows[0]?.from),
      newestRestorePoint: momentTextOrNull(windows.at(-1)?.to),
      archive: {
        state: status?.state ?? 'Stopped',
        reason: status ? status.reason : 'The server does not run.',
        secondsBehind: covered === null ? null : Math.max(0, clock.now() / 1000 - covered / 1e6),
      },
      fullBackups: archive.fullBackups.flatMap((full) => {
        if (full.state === 'Deleting') return [];
        return [
          {
            name: full.name,
            source: full.source,
            state: full.state,
            startedAt: new Date(full.startedAt).toISOString(),
            completedAt: full.completedAt === null ? null : new Date(full.completedAt).toISOString(),
            restorePoint: momentTextOrNull(full.moment),
            sizeBytes: full.storedBytes,
            geoCopied: full.geoCopiedAt !== null,
            problem: full.problem,
          },
        ];
      }),
      log: logOf(archive, status?.open),
      gaps: [...gapsOf(windows, archive), ...tailOf(windows, archive, server)],
      events: backupEvents(control.world, server, { from, to }),
      store: {
        bytes: [...archive.fullBackups, ...archive.segments].reduce((sum, { storedBytes }) => sum + storedBytes, 0),
        geoBytes,
        geoFailure: geoFailure && { ...geoFailure, since: new Date(geoFailure.since).toISOString() },
      },
      lastVerification: lastVerification ? armVerification(lastVerification) : null,
      settings: { ...readBackupSettings(database, server.id) },
    },
  };
}

function momentOf(name: string, value: string | undefined): number | undefined {
  if (!value) return undefined;
  const moment = parseMoment(value);
  if (moment === undefined) throw invalidParameter(name, `“${value}” is not a time. Send one like ${momentText(0)}.`);
  return moment;
}

/** What is covered without a break. */
function logOf(
  { chains, segments }: Archive,
  open: { transactions: number; plainBytes: number } | undefined,
): BackupTimeline['properties']['log'] {
  return chains.map((chain) => {
    const mine = segments.filter(({ chainId }) => chainId === chain.id);
    const live = chain.endedAt === null ? open : undefined;
    return {
      from: momentText(mine[0]?.previousMoment ?? chain.startedAt),
      to: momentText(chain.endedAt ?? chain.coveredUntil),
      bytes: mine.reduce((sum, { plainBytes }) => sum + plainBytes, live?.plainBytes ?? 0),
      transactions: mine.reduce((sum, { transactions }) => sum + transactions, live?.transactions ?? 0),
    };
  });
}

/** Between the first moment that can be restored to and the last, those that cannot. */
function gapsOf(windows: ReturnType<typeof restorableWindows>, { chains, segments }: Archive) {
  return windows.slice(1).map((window, index) => {
    const before = windows[index]!;
    const damaged = segments.find(
      ({ state, firstMoment }) =>
        state === 'damaged' && firstMoment !== null && firstMoment > before.to && firstMoment < window.from,
    );
    const ended = chains.find(({ endedAt }) => endedAt !== null && endedAt >= before.to && endedAt < window.from);
    const reason = damaged?.problem ?? ended?.endReason ?? 'A part of the log is missing.';
    return { from: momentText(before.to), to: momentText(window.from), reason };
  });
}

/** What follows the newest moment that can be restored, when the log goes on and no way leads there. */
function tailOf(windows: ReturnType<typeof restorableWindows>, archive: Archive, { state }: ServerRow) {
  const tail = unreachableTail(archive, windows);
  if (!tail || windows.length === 0) return [];
  return [
    { from: momentText(tail.from), to: momentText(tail.to), reason: tailWords(tail, { isLive: state === 'Ready' }) },
  ];
}
