import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { actionProblem } from '../../rules/server-actions.ts';
import { beginBackUpServer, beginDeleteBackup } from '../operations/begin-backup.ts';
import type { Control } from '../operations/world.ts';
import { deleteFullBackup, findFullBackup, listFullBackups, type FullBackupRow } from '../store/full-backups.ts';
import { findOperation, type OperationRow } from '../store/operations.ts';
import type { ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { page } from './paging.ts';
import { childNotFound, invalidParameter, notOffered } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${SERVER_TYPE}/backups`;
const TYPE_V2 = `${SERVER_TYPE}/backupsV2`;
const MOST_ON_DEMAND = 50;
const NAME = /^[-\w.]{1,128}$/;

const since = (first: string) => MYSQL_API_VERSIONS.filter((version) => isAtLeast(version, first));
/** No file of Azure's has it that early, but its JavaScript SDK asks in that version. */
const V2 = since('2023-10-01-preview');

/** Full backups: those that the schedule makes, and those that people ask for. */
export function backupRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    action: string,
    apiVersions: readonly string[],
    handle: (request: ArmRequest, server: ServerRow) => ArmResponse | Promise<ArmResponse>,
  ) => serverRoute(resources, SERVER_TYPE, apiVersions)(method, `${ONE_SERVER}/${path}`, operationId, action, handle);
  const shown = (server: ServerRow) => listFullBackups(database, server.id).filter(isWhole);
  const find = (request: ArmRequest, server: ServerRow, type: string) => {
    const name = request.params['backupName']!;
    const found = findFullBackup(database, server.id, name);
    if (!found || (type === TYPE && !isWhole(found))) throw childNotFound(type, name);
    return found;
  };
  const begin = (request: ArmRequest, server: ServerRow) => beginOnDemand(resources, request, server);

  return [
    route('GET', 'backups', 'Backups_ListByServer', 'backups/read', MYSQL_API_VERSIONS, (request, server) => {
      return {
        status: 200,
        body: page(
          request,
          shown(server).map((backup) => armBackup(server, backup)),
        ),
      };
    }),
    route('GET', 'backups/{backupName}', 'Backups_Get', 'backups/read', MYSQL_API_VERSIONS, (request, server) => {
      return { status: 200, body: armBackup(server, find(request, server, TYPE)) };
    }),
    route(
      'PUT',
      'backups/{backupName}',
      'Backups_Put',
      'backups/write',
      since('2021-12-01-preview'),
      async (request, server) => {
        const operation = begin(request, server);
        const { error } = await control.engine.ended(operation.id);
        if (error) throw new ArmError(error.code, 500, error.message, error);
        return { status: 200, body: armBackup(server, find(request, server, TYPE)) };
      },
    ),
    route('GET', 'backupsV2', 'LongRunningBackups_List', 'backupsV2/read', V2, (request, server) => {
      const backups = listFullBackups(database, server.id).map((backup) => armBackupV2(server, backup));
      return { status: 200, body: page(request, backups) };
    }),
    route('GET', 'backupsV2/{backupName}', 'LongRunningBackups_Get', 'backupsV2/read', V2, (request, server) => {
      return { status: 200, body: armBackupV2(server, find(request, server, TYPE_V2)) };
    }),
    route('PUT', 'backupsV2/{backupName}', 'LongRunningBackup_Create', 'backupsV2/write', V2, (request, server) =>
      accepted(request, begin(request, server)),
    ),
    route('DELETE', 'backupsV2/{backupName}', 'LongRunningBackup_delete', 'backupsV2/delete', V2, (request, server) => {
      const backup = findFullBackup(database, server.id, request.params['backupName']!);
      if (!backup) return { status: 204 };
      if (backup.source === 'Automatic') {
        throw new ArmError(
          'AutomaticBackupCannotBeDeleted',
          409,
          'Automatic backups cannot be deleted: they end with the retention of the server. Shorten that instead.',
          { target: request.params['backupName']! },
        );
      }
      if (backup.state === 'Creating' || backup.state === 'Deleting') {
        throw new ArmError(
          'BackupIsBusy',
          409,
          `The backup is ${backup.state.toLowerCase()}. Wait until that has ended.`,
        );
      }
      const { apiVersion } = request;
      return accepted(
        request,
        beginDeleteBackup(control, { server, backup, apiVersion, caller: callerOf(request, 'DELETE') }),
      );
    }),
    route(
      'POST',
      'backupAndExport',
      'BackupAndExport_Create',
      'backupAndExport/action',
      since('2022-09-30-preview'),
      () => {
        throw notOffered('targetDetails', 'Exporting a backup to a storage account is');
      },
    ),
    route(
      'POST',
      'validateBackup',
      'BackupAndExport_ValidateBackup',
      'validateBackup/action',
      since('2022-09-30-preview'),
      () => {
        throw notOffered('validateBackup', 'Exporting a backup to a storage account is');
      },
    ),
  ];
}

function isWhole({ state }: FullBackupRow): boolean {
  return state === 'Succeeded';
}

/** @throws {ArmError} for a name that is taken or none, a server that does not run, or too many backups. */
function beginOnDemand(resources: Resources, request: ArmRequest, server: ServerRow): OperationRow {
  const { control } = resources;
  const { database } = control.world;
  const name = request.params['backupName']!;
  if (!NAME.test(name)) {
    throw invalidParameter(
      'backupName',
      'The name of a backup has 1 to 128 letters, digits, hyphens, underscores and full stops.',
    );
  }
  const existing = findFullBackup(database, server.id, name);
  if (existing && existing.state !== 'Failed') {
    throw new ArmError(
      'BackupAlreadyExists',
      409,
      `There is a backup “${existing.name}” already. Choose another name.`,
      {
        target: 'backupName',
      },
    );
  }
  const problem = actionProblem('databases', server.state);
  if (problem) throw new ArmError('OperationNotAllowed', 409, problem, { target: serverResourceId(server) });
  const manual = listFullBackups(database, server.id).filter(
    ({ source, state, id }) => source === 'Manual' && state !== 'Failed' && id !== existing?.id,
  );
  if (manual.length >= MOST_ON_DEMAND) {
    throw new ArmError(
      'BackupQuotaExceeded',
      409,
      `A server has ${MOST_ON_DEMAND} on-demand backups at most. Delete one first.`,
    );
  }
  // One that failed makes room for the next attempt under its name.
  if (existing) deleteFullBackup(database, existing.id);
  const { apiVersion } = request;
  return beginBackUpServer(control, { server, name, source: 'Manual', apiVersion, caller: callerOf(request, 'PUT') });
}

function armBackup(server: ServerRow, { name, source, completedAt }: FullBackupRow) {
  return {
    properties: {
      backupType: 'FULL',
      completedTime: new Date(completedAt ?? 0).toISOString(),
      source: sourceText(source),
    },
    id: `${serverResourceId(server)}/backups/${name}`,
    name,
    type: TYPE,
  };
}

function armBackupV2(server: ServerRow, { name, source, state, completedAt }: FullBackupRow) {
  return {
    properties: {
      backupNameV2: name,
      backupType: 'FULL',
      ...(completedAt !== null && { completedTime: new Date(completedAt).toISOString() }),
      source: sourceText(source),
      provisioningState: state === 'Damaged' ? 'Failed' : state,
    },
    id: `${serverResourceId(server)}/backupsV2/${name}`,
    name,
    type: TYPE_V2,
  };
}

/** In Azure's words. */
function sourceText(source: FullBackupRow['source']): string {
  return source === 'Manual' ? 'Customer' : 'Automatic';
}

/** What an operation on a backup left, for its `operationResults`. */
export function backupOf(control: Control, operationId: string, server: ServerRow) {
  const { database } = control.world;
  const backupId = (findOperation(database, operationId)?.input as { backupId?: string } | undefined)?.backupId;
  const backup = listFullBackups(database, server.id).find(({ id }) => id === backupId);
  return backup && armBackupV2(server, backup);
}
