import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { LogKind, type LogEntries } from '../../arm/local/log-entry.ts';
import type { LogFile as ArmLogFile } from '../../arm/mysql/log-file.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import type { GatewaySession } from '../gateway/protocol.ts';
import type { LogFile } from '../logs/log-files.ts';
import { searchLog, tailLog } from '../logs/read-log.ts';
import { isConnectionLogOn, isErrorLogShown, serverLogFiles } from '../operations/server-logs.ts';
import type { ServerRow } from '../store/servers.ts';
import { page } from './paging.ts';
import { invalidParameter } from './refusals.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${SERVER_TYPE}/logFiles`;
const LONGEST_SEARCH = 200;

/** A server's log files, as Azure lists them, and what is in them. */
export function logRoutes(resources: Resources): ArmRoute[] {
  const { world } = resources.control;
  return [
    {
      method: 'GET',
      path: `${ONE_SERVER}/logFiles`,
      operationId: 'LogFiles_ListByServer',
      action: `${TYPE}/read`,
      apiVersions: MYSQL_API_VERSIONS.filter((version) => isAtLeast(version, '2021-12-01-preview')),
      async handle(request) {
        const server = requireServer(resources, request);
        const files = (await serverLogFiles(world, server)).toReversed();
        return {
          status: 200,
          body: page(
            request,
            files.map((file) => armLogFile(resources, request, server, file)),
          ),
        };
      },
    },
    {
      method: 'GET',
      path: `${ONE_SERVER}/providers/${FLEXDECK_LOCAL}/logEntries`,
      operationId: 'LogEntries_List',
      action: `${FLEXDECK_LOCAL}/logEntries/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: async (request) => ({ status: 200, body: await logEntries(resources, request) }),
    },
  ];
}

function armLogFile(resources: Resources, request: ArmRequest, server: ServerRow, file: LogFile): ArmLogFile {
  const { name, kind, sizeBytes, createdAt, modifiedAt, writer } = file;
  return {
    properties: {
      sizeInKB: Math.ceil(sizeBytes / 1024),
      createdTime: new Date(createdAt).toISOString(),
      lastModifiedTime: new Date(modifiedAt).toISOString(),
      type: kind,
      url: `${request.origin}${resources.downloads.make(server.id, name)}`,
      ...(writer && { writer }),
    },
    id: `${serverResourceId(server)}/logFiles/${name}`,
    name,
    type: TYPE,
  };
}

async function logEntries(resources: Resources, request: ArmRequest): Promise<LogEntries> {
  const { world } = resources.control;
  const server = requireServer(resources, request);
  const { kind: kindText = 'slowlog', cursor, search } = request.query;
  const kind = LogKind.safeParse(kindText);
  if (!kind.success) throw invalidParameter('kind', `The kind must be one of: ${LogKind.options.join(', ')}.`);
  if (kind.data === 'errorlog' && !isErrorLogShown(server)) {
    throw new ArmError(
      'LogNotEnabled',
      409,
      'The error log is not enabled. Set the server parameter error_server_log_file to ON.',
      { target: 'kind' },
    );
  }
  if (kind.data === 'connectionlog' && !isConnectionLogOn(server) && search === undefined && cursor === undefined) {
    // What was written down before stays readable.
    const kept = (await serverLogFiles(world, server)).some((file) => file.kind === 'connectionlog');
    if (!kept) {
      throw new ArmError(
        'LogNotEnabled',
        409,
        'Connections are not logged. Set the server parameter audit_log_enabled to ON.',
        { target: 'kind' },
      );
    }
  }
  if (search !== undefined && (search.trim() === '' || search.length > LONGEST_SEARCH)) {
    throw invalidParameter('search', `Search for 1 to ${LONGEST_SEARCH} characters.`);
  }
  const files = (await serverLogFiles(world, server)).filter((file) => file.kind === kind.data);
  const found = await (search === undefined
    ? tailLog(kind.data, ofPrimary(files), cursor)
    : searchLog(kind.data, files, { text: search, cursor }));
  return kind.data === 'slowlog' ? withClients(found, await world.clientSessions(server.id)) : found;
}

/** What a standby says of itself is found by searching, and does not come between. @param files the primary's last. */
function ofPrimary(files: readonly LogFile[]): LogFile[] {
  const zone = files.at(-1)?.writer?.zone;
  return files.filter(({ writer }) => !writer || (writer.zone === zone && writer.role !== 'standby'));
}

/** Connection ids begin anew with each mysqld, so a session must have been there when the entry was written. */
function withClients(entries: LogEntries, sessions: readonly GatewaySession[]): LogEntries {
  const byId = new Map(sessions.map((session) => [session.connectionId, session]));
  return {
    ...entries,
    value: entries.value.map((entry) => {
      const session = entry.connectionId === undefined ? undefined : byId.get(entry.connectionId);
      if (!session || Date.parse(entry.time) < session.since) return entry;
      return { ...entry, clientAddress: `${session.clientAddress}:${session.clientPort}` };
    }),
  };
}
