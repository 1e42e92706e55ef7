import * as z from 'zod';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { ArmError } from '../../arm/error.ts';
import type { BackupEvent, BackupTimeline, DeletedServer, RestoreEstimate } from '../../arm/local/backup.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { readArchive } from '../backup/catalog.ts';
import type { ChangeEvent } from '../backup/change-events.ts';
import { momentText, parseMoment } from '../backup/moment.ts';
import { restorableWindows, unreachableTail, type Archive } from '../backup/restore-plan.ts';
import { DELETED_SERVER_MS } from '../backup/retention.ts';
import { beginVerifyBackup } from '../operations/begin-backup.ts';
import { tailWords } from '../operations/restore-steps.ts';
import { listBackupEvents } from '../store/backup-events.ts';
import { readBackupSettings, writeBackupSettings } from '../store/backup-settings.ts';
import { listBackupVerifications, type BackupVerificationRow } from '../store/backup-verifications.ts';
import { listFailovers } from '../store/failovers.ts';
import { findOperation } from '../store/operations.ts';
import { findRestoreOf } from '../store/restores.ts';
import { listBackedUpServers, type ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, readable, requireServer, requireSubscription, type Resources } from './resources.ts';
import { requireMoment, requireRestorable } from './restore.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { intentOf, serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const MOST_EVENTS = 1000;
/** Assumed for two cores, not measured; what a restore takes besides is mostly two starts of mysqld. */
const UNPACK_BYTES_PER_SECOND = 250e6;
const REPLAY_TRANSACTIONS_PER_SECOND = 5000;
const REPLAY_BYTES_PER_SECOND = 8e6;
const BESIDES_SECONDS = 5;

const EstimateRequest = z.strictObject({
  restorePointInTime: z.string().nullish(),
  geo: z.boolean().nullish(),
});
const SettingsPatch = z.strictObject({
  properties: z.strictObject({
    verificationIntervalHours: z
      .int()
      .min(0)
      .max(24 * 35)
      .optional(),
    bigChangeRows: z.int().min(1).max(1_000_000_000).optional(),
  }),
});

/** What there is to restore, and how; see lib/arm/local/backup.ts for the shapes. */
export function backupTimelineRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  const route = (
    method: ArmRoute['method'],
    name: string,
    operationId: string,
    permission: string,
    handle: (request: ArmRequest, server: ServerRow) => ArmResponse | Promise<ArmResponse>,
  ): ArmRoute => ({
    method,
    path: `${ONE_SERVER}/providers/${FLEXDECK_LOCAL}/${name}`,
    operationId,
    action: `${FLEXDECK_LOCAL}/${permission}`,
    apiVersions: [FLEXDECK_LOCAL_VERSION],
    handle: async (request) => handle(request, requireServer(resources, request)),
  });

  return [
    route('GET', 'backupTimeline', 'BackupTimeline_Get', 'backupTimeline/read', (request, server) => ({
      status: 200,
      body: { ...shell(server, 'backupTimeline'), ...timeline(resources, request, server) },
    })),
    route('POST', 'restoreEstimate', 'RestoreEstimate_Get', 'restoreEstimate/action', (request, server) => ({
      status: 200,
      body: estimate(resources, request, server),
    })),
    route('GET', 'restoreProgress', 'RestoreProgress_Get', 'restoreProgress/read', (_, server) => ({
      status: 200,
      body: { ...shell(server, 'restoreProgress'), properties: progress(resources, server) },
    })),
    route('POST', 'cancelRestore', 'Restore_Cancel', 'cancelRestore/action', (request, server) => {
      const operation = restoreOperation(resources, server);
      if (operation.status !== 'InProgress') {
        throw new ArmError('RestoreHasEnded', 409, 'The restore has ended. Delete the server if you do not need it.');
      }
      control.engine.interrupt(operation.id, 'The restore was canceled.');
      return accepted(request, operation);
    }),
    route('GET', 'backupVerifications', 'BackupVerifications_List', 'backupVerifications/read', (request, server) => {
      const found = listBackupVerifications(database, server.id).map((row) => ({
        id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/backupVerifications/${row.id}`,
        name: row.id,
        type: `${FLEXDECK_LOCAL}/backupVerifications`,
        properties: armVerification(row),
      }));
      return { status: 200, body: page(request, found) };
    }),
    route('POST', 'verifyBackup', 'Backup_Verify', 'verifyBackup/action', (request, server) => {
      const { apiVersion } = request;
      requireRestorable(resources, server, { moment: null, geo: false });
      return accepted(request, beginVerifyBackup(control, { server, apiVersion, caller: callerOf(request, 'POST') }));
    }),
    route('GET', 'backupSettings', 'BackupSettings_Get', 'backupSettings/read', (_, server) => ({
      status: 200,
      body: { ...shell(server, 'backupSettings'), properties: readBackupSettings(database, server.id) },
    })),
    route('PATCH', 'backupSettings', 'BackupSettings_Update', 'backupSettings/write', (request, server) => {
      const { properties } = parseBody(SettingsPatch, request.body);
      const before = readBackupSettings(database, server.id);
      const given = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
      const settings = { ...before, ...given };
      writeBackupSettings(database, server.id, settings);
      return { status: 200, body: { ...shell(server, 'backupSettings'), properties: settings } };
    }),
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${FLEXDECK_LOCAL}/deletedServers`,
      operationId: 'DeletedServers_List',
      action: null,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => {
        const { id } = requireSubscription(resources, request);
        const servers = deletedServers(resources, id);
        const visible = readable(resources, request, `${SERVER_TYPE}/read`, serverResourceId, servers);
        return {
          status: 200,
          body: page(
            request,
            visible.map((server) => armDeletedServer(resources, server)),
          ),
        };
      },
    },
  ];
}

function shell(server: ServerRow, type: string) {
  return {
    id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/${type}`,
    name: 'default',
    type: `${FLEXDECK_LOCAL}/${type}`,
  };
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
  const [lastVerification] = listBackupVerifications(database, server.id, 1);
  return {
    properties: {
      earliestRestorePoint: text(windows[0]?.from),
      newestRestorePoint: text(windows.at(-1)?.to),
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
            restorePoint: text(full.moment),
            sizeBytes: full.storedBytes,
            geoCopied: full.geoCopiedAt !== null,
            problem: full.problem,
          },
        ];
      }),
      log: logOf(archive, status?.open),
      gaps: [...gapsOf(windows, archive), ...tailOf(windows, archive, server)],
      events: eventsOf(control.world, server, { from, to }),
      store: {
        bytes: [...archive.fullBackups, ...archive.segments].reduce((sum, { storedBytes }) => sum + storedBytes, 0),
        geoBytes,
      },
      lastVerification: lastVerification ? armVerification(lastVerification) : null,
      settings: { ...readBackupSettings(database, server.id) },
    },
  };
}

function text(moment: number | null | undefined): string | null {
  return moment === null || moment === undefined ? null : momentText(moment);
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

const DANGERS: readonly string[] = ['DropTable', 'DropDatabase', 'Truncate', 'BigDelete'];

function eventsOf(
  { database }: Resources['control']['world'],
  server: ServerRow,
  { from, to }: { from: number; to: number },
): BackupEvent[] {
  const changes = listBackupEvents<ChangeEvent>(database, server.id, { from, to, limit: MOST_EVENTS });
  const events = changes.map(({ moment, gtid, event }): BackupEvent & { moment: number } => ({
    moment,
    at: momentText(moment),
    restorePointBefore: momentText(moment - 1),
    ...event,
    gtid,
    severity: DANGERS.includes(event.kind) ? 'Danger' : 'Info',
  }));
  const failovers = listFailovers(database, server.id)
    .filter(({ status, endedAt }) => status === 'Succeeded' && endedAt !== null)
    .map(({ endedAt, reason, fromZone, toZone }) => {
      const moment = endedAt! * 1000;
      return {
        moment,
        at: momentText(moment),
        restorePointBefore: momentText(moment - 1),
        kind: 'Failover',
        database: null,
        table: null,
        statement: `From zone ${fromZone} to zone ${toZone}. ${reason}`,
        rows: null,
        gtid: null,
        severity: 'Info' as const,
      };
    })
    .filter(({ moment }) => moment >= from && moment <= to);
  return [...events, ...failovers]
    .toSorted((one, other) => one.moment - other.moment)
    .map(({ moment: _, ...event }) => event);
}

function estimate(resources: Resources, request: ArmRequest, server: ServerRow): RestoreEstimate {
  const { restorePointInTime, geo } = parseBody(EstimateRequest, request.body ?? {});
  const asked = requireMoment(restorePointInTime, resources.control.world.clock.now());
  const { fullBackup, segments, moment } = requireRestorable(resources, server, { moment: asked, geo: geo ?? false });
  const open = geo ? undefined : resources.control.world.archives.status(server.id)?.open;
  const inOpen = open?.firstMoment && open.firstMoment <= moment ? open : undefined;
  const bytesToReplay = segments.reduce((sum, { plainBytes }) => sum + plainBytes, inOpen?.plainBytes ?? 0);
  const transactionsToReplay = segments.reduce(
    (sum, { transactions }) => sum + transactions,
    inOpen?.transactions ?? 0,
  );
  const seconds =
    BESIDES_SECONDS +
    fullBackup.dataBytes / UNPACK_BYTES_PER_SECOND +
    Math.max(transactionsToReplay / REPLAY_TRANSACTIONS_PER_SECOND, bytesToReplay / REPLAY_BYTES_PER_SECOND);
  return {
    restorePointInTime: momentText(moment),
    fullBackup: { name: fullBackup.name, restorePoint: momentText(fullBackup.moment!) },
    bytesToUnpack: fullBackup.dataBytes,
    bytesToReplay,
    transactionsToReplay,
    estimatedSeconds: Math.ceil(seconds),
    minimumStorageGB: intentOf(server).properties.storage.storageSizeGB,
  };
}

function restoreOperation({ control }: Resources, server: ServerRow) {
  const { database } = control.world;
  const found = findRestoreOf(database, server.id);
  const operation = found && findOperation(database, found.operationId);
  if (!operation) throw childNotFound(`${FLEXDECK_LOCAL}/restoreProgress`, server.name);
  return operation;
}

function progress(resources: Resources, server: ServerRow) {
  const { database, clock } = resources.control.world;
  const operation = restoreOperation(resources, server);
  const { restore } = findRestoreOf(database, server.id)!;
  const { bytesDone, bytesTotal, transactionsDone, transactionsTotal, notes, plan, asked } = restore;
  const { status, stage, startedAt, endedAt } = operation;
  const share =
    bytesTotal === 0
      ? 0
      : 0.5 * (bytesDone / bytesTotal) + (transactionsTotal === 0 ? 0 : 0.5 * (transactionsDone / transactionsTotal));
  const spent = (clock.now() - startedAt) / 1000;
  return {
    sourceServerResourceId: restore.sourceResourceId,
    restorePointInTime: text(plan?.moment ?? asked),
    status,
    stage,
    bytesDone,
    bytesTotal,
    transactionsDone,
    transactionsTotal,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    estimatedSecondsLeft: status !== 'InProgress' || share < 0.05 ? null : Math.ceil(spent / share - spent),
    note: notes.length > 0 ? notes.join(' ') : null,
  };
}

function armVerification(row: BackupVerificationRow) {
  const { startedAt, endedAt, status, fullBackup, moment, tablesChecked, rowsChecked, problem } = row;
  return {
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    status,
    fullBackup,
    restorePoint: text(moment),
    tablesChecked,
    rowsChecked,
    durationSeconds: endedAt === null ? null : (endedAt - startedAt) / 1000,
    problem,
  };
}

function deletedServers({ control }: Resources, subscriptionId: string): ServerRow[] {
  const { database, clock } = control.world;
  const since = clock.now() - DELETED_SERVER_MS;
  return listBackedUpServers(database).filter(
    (server) =>
      server.subscriptionId.toLowerCase() === subscriptionId.toLowerCase() &&
      server.deletedAt !== null &&
      server.deletedAt >= since &&
      restorableWindows(readArchive(control.world, server.id)).length > 0,
  );
}

function armDeletedServer({ control }: Resources, server: ServerRow): DeletedServer {
  const windows = restorableWindows(readArchive(control.world, server.id));
  const { sku, properties } = intentOf(server);
  return {
    id: serverResourceId(server),
    name: server.name,
    location: server.location,
    properties: {
      serverId: server.id,
      deletedAt: new Date(server.deletedAt!).toISOString(),
      restorableUntil: new Date(server.deletedAt! + DELETED_SERVER_MS).toISOString(),
      earliestRestorePoint: text(windows[0]?.from),
      newestRestorePoint: text(windows.at(-1)?.to),
      sku,
      version: properties.version,
      storageSizeGB: properties.storage.storageSizeGB,
    },
  };
}
