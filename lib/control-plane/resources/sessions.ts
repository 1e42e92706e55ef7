import * as z from 'zod';
import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { LockWait, Session, Sessions } from '../../arm/local/session.ts';
import type { GatewaySession } from '../gateway/protocol.ts';
import { maskLiterals } from '../mysql/mask-literals.ts';
import { killSession, listLockWaits, listSessions, type MysqlLockWait, type MysqlSession } from '../mysql/sessions.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { parseBody } from './parse-body.ts';
import { callerOf, requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const PATH = `${ONE_SERVER}/providers/${FLEXDECK_LOCAL}/sessions`;
const TYPE = `${FLEXDECK_LOCAL}/sessions`;
const KILL = `${TYPE}/kill/action`;

const KillBody = z.strictObject({ kind: z.enum(['connection', 'query']).nullish() });

/** Who is connected to a server right now and who waits for whom; ending one. */
export function sessionRoutes(resources: Resources): ArmRoute[] {
  const common = { apiVersions: [FLEXDECK_LOCAL_VERSION] };
  return [
    {
      ...common,
      method: 'GET',
      path: PATH,
      operationId: 'Sessions_List',
      action: `${TYPE}/read`,
      handle: async (request) => ({ status: 200, body: await sessions(resources, request) }),
    },
    {
      ...common,
      method: 'POST',
      path: `${PATH}/{connectionId}/kill`,
      operationId: 'Sessions_Kill',
      action: KILL,
      handle: (request) => kill(resources, request),
    },
  ];
}

async function sessions(resources: Resources, request: ArmRequest): Promise<Sessions> {
  const server = requireServer(resources, request);
  const { world } = resources.control;
  const [found, waits, clients] = await Promise.all([
    resources.dataPlane.ask(server, listSessions),
    resources.dataPlane.ask(server, listLockWaits),
    world.clientSessions(server.id),
  ]);
  const addresses = new Map(clients.map((client) => [client.connectionId, client]));
  return {
    value: found.sessions.map((session) => armSession(session, addresses.get(session.connectionId))),
    waits: waits.map(armWait),
    isCut: found.isCut,
  };
}

function armSession(session: MysqlSession, client: GatewaySession | undefined): Session {
  const { connectionId, user, database, command, seconds, state, statement } = session;
  const { transactionSeconds, rowsLocked, rowsModified } = session;
  return {
    connectionId,
    user,
    ...(client && { clientAddress: `${client.clientAddress}:${client.clientPort}` }),
    ...(database !== null && { database }),
    command,
    seconds: Number(seconds),
    ...(state && { state }),
    ...(statement !== null && { statement: maskLiterals(statement) }),
    ...(transactionSeconds !== null && { transactionSeconds: Math.max(0, Number(transactionSeconds)) }),
    ...(rowsLocked !== null && { rowsLocked: Number(rowsLocked) }),
    ...(rowsModified !== null && { rowsModified: Number(rowsModified) }),
  };
}

function armWait({ waiting, blocking, kind, object, index, mode, seconds }: MysqlLockWait): LockWait {
  return {
    waiting,
    blocking,
    kind,
    object,
    ...(index !== null && { index }),
    mode,
    ...(seconds !== null && { seconds: Math.max(0, Number(seconds)) }),
  };
}

async function kill(resources: Resources, request: ArmRequest): Promise<ArmResponse> {
  const server = requireServer(resources, request);
  const { world } = resources.control;
  const text = request.params['connectionId']!;
  const kind = parseBody(KillBody, request.body ?? {}).kind ?? 'connection';
  const session = /^\d{1,15}$/.test(text)
    ? await resources.dataPlane.ask(server, (connection) => killSession(connection, Number(text), kind))
    : undefined;
  if (!session) {
    throw new ArmError(
      'SessionNotFound',
      404,
      `There is no session ${text} to end. It may have ended already; refresh the list.`,
      { target: 'connectionId' },
    );
  }
  const what = kind === 'query' ? 'the statement of session' : 'session';
  recordActivity(world.database, {
    action: KILL,
    title: 'End session',
    resourceId: serverResourceId(server),
    caller: callerOf(request, 'POST'),
    status: 'Succeeded',
    story: `Ended ${what} ${text} of ${session.user}.`,
    operationId: world.newId(),
    eventId: world.newId(),
    at: world.clock.now(),
  });
  return { status: 204 };
}
