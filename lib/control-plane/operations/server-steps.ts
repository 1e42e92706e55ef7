import { createConnection } from 'node:net';
import { once } from 'node:events';
import { ArmError } from '../../arm/error.ts';
import { actionProblem, type ServerAction } from '../../rules/server-actions.ts';
import { setAdministratorPassword } from '../mysql/administrator.ts';
import { ensureServerCertificate } from '../mysql/certificates.ts';
import { rows, withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { transaction, type Database } from '../store/database.ts';
import { findPrimary, readPrimary, type InstanceRow } from '../store/instances.ts';
import type { OperationRow } from '../store/operations.ts';
import { readServer, updateServer, type ServerRow } from '../store/servers.ts';
import type { OperationContext, Step } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped } from './mysqld.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

const ANSWER_TIMEOUT_MS = 10_000;
/** How long a server may have no connection left for us. It keeps one, which refused clients take for moments. */
export const FULL_MS = 5_000;
/** At most: MySQL's own limit is a year, and as long nothing else could be done with the server. */
const LOCK_WAIT_SECONDS = 60;

type ServerContext = OperationContext<World>;
type OfServer = Pick<ServerContext, 'operation' | 'world'>;
export type ServerStep = Step<World>;

/** The id of the server that the operation is about. */
export function serverIdOf({ operation }: Pick<ServerContext, 'operation'>): string {
  if (operation.serverId === null) throw new Error(`Operation ${operation.id} has no server.`);
  return operation.serverId;
}

export function serverOf(context: OfServer): ServerRow {
  return readServer(context.world.database, serverIdOf(context));
}

/** Refuses what the server's state does not allow, in the words of the button. */
export function refuseUnlessAllowed(database: Database, operation: OperationRow, action: ServerAction): ServerRow {
  const server = readServer(database, serverIdOf({ operation }));
  const problem = actionProblem(action, server.state);
  if (problem) throw new ArmError('OperationNotAllowed', 409, problem, { target: operation.resourceId });
  return server;
}

/** What operations that change a server that is Ready, and leave it so, have in common. */
export const changesServer = {
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }: World, operation: OperationRow) {
    refuseUnlessAllowed(database, operation, 'update');
  },
} as const;

/** @throws {Error} when the server has no primary. */
export function primaryOf(context: OfServer): InstanceRow {
  return readPrimary(context.world.database, serverIdOf(context));
}

/** The names and address by which clients reach the server are in its certificate. */
export async function ensureCertificate(context: OfServer, row = primaryOf(context)): Promise<void> {
  const { world } = context;
  const instance = mysqlInstance(world, row);
  await ensureServerCertificate(world.certificateAuthority, instance, certificateNames(serverOf(context)));
}

export function certificateNames({ name, address }: ServerRow) {
  // The common name is for people to read, and may have 64 characters at most.
  return { commonName: name, dnsNames: [`${name}.mysql.localhost`], addresses: [address] };
}

/**
 * Works on the server's primary, as the daemon's account.
 *
 * @throws {ArmError} LockWaitTimeout 409 when clients hold what the work needs; whatever the work throws.
 */
export function withServer<T>(context: OfServer, work: Parameters<typeof withConnection<T>>[1]): Promise<T> {
  return withInstance(context.world, primaryOf(context), async (connection) => {
    await connection.query(
      `SET SESSION lock_wait_timeout = CAST(LEAST(@@GLOBAL.lock_wait_timeout, ${LOCK_WAIT_SECONDS}) AS SIGNED)`,
    );
    try {
      return await work(connection);
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'ER_LOCK_WAIT_TIMEOUT') throw cause;
      const message = `A client’s session holds a lock that this needs, and has not let go of it in time. End that session or its transaction, and try again.`;
      throw new ArmError('LockWaitTimeout', 409, message, { cause });
    }
  });
}

/** Works on that instance, as the daemon's account. */
export function withInstance<T>(
  world: Pick<World, 'paths'>,
  row: InstanceRow,
  work: Parameters<typeof withConnection<T>>[1],
): Promise<T> {
  return withConnection(instancePaths(mysqlInstance(world, row)).socket, work, { patienceMs: FULL_MS });
}

/** Where one is wanted. Its hash goes when the operation ends. */
export const passwordSet: Step<World, { authenticationHash?: string }> = {
  name: 'passwordSet',
  stage: 'Setting the administrator’s password',
  needed: ({ input }) => input.authenticationHash !== undefined,
  async ensure(context) {
    const { administratorLogin: login } = serverOf(context).intent.properties;
    const authenticationHash = context.input.authenticationHash!;
    await withServer(context, (connection) => setAdministratorPassword(connection, { login, authenticationHash }));
  },
};

/** What runs is what was asked for. @param runtimeId of a MysqlRuntime. */
export async function requireRuntimeRuns(context: OfServer, runtimeId: string): Promise<void> {
  const { fullVersion } = runtimeOf(context.world, runtimeId);
  await withServer(context, async (connection) => {
    const [found] = await rows<{ version: string }>(connection, 'SELECT VERSION() AS version');
    if (found?.version.startsWith(fullVersion)) return;
    throw new Error(`MySQL says that it is ${found?.version}, not ${fullVersion}.`);
  });
}

export const mysqldRuns: ServerStep = {
  name: 'mysqldRuns',
  stage: 'Starting MySQL',
  perishable: true,
  ensure: (context) => ensureMysqldRuns(context.world, primaryOf(context)),
  undo: (context) => stopPrimary(context, 'clean'),
};

export const mysqldStopped: ServerStep = {
  name: 'mysqldStopped',
  stage: 'Stopping MySQL',
  ensure: (context) => stopPrimary(context, 'clean'),
  undo: (context) => ensureMysqldRuns(context.world, primaryOf(context)),
};

export async function stopPrimary(context: ServerContext, how: 'clean' | 'kill'): Promise<void> {
  const primary = findPrimary(context.world.database, serverIdOf(context));
  if (primary) await ensureMysqldStopped(context.world, primary, how);
}

export const gatewayListens: ServerStep = {
  name: 'gatewayListens',
  stage: 'Opening the server’s address',
  perishable: true,
  ensure: (context) => setFront(context, 'open'),
  undo: (context) => setFront(context, 'closed'),
};

export const gatewayClosed: ServerStep = {
  name: 'gatewayClosed',
  stage: 'Ending client sessions',
  ensure: (context) => setFront(context, 'closed'),
  undo: (context) => setFront(context, 'open'),
};

/** Nobody else has the server's address any more, and who comes to it is told to wait. Before mysqld is started for it. */
export const addressHeld: ServerStep = {
  name: 'addressHeld',
  stage: 'Claiming the server’s address',
  perishable: true,
  ensure: (context) => setFront(context, 'closed', { mustListen: true }),
};

/**
 * The front is what it should be, and the gateway acts on it.
 *
 * @throws {Error} when something else has the address, where the gateway must listen.
 */
export async function setFront(
  context: ServerContext,
  front: ServerRow['front'],
  { mustListen = front === 'open', alongside = () => {} } = {},
): Promise<void> {
  const { database, fronts } = context.world;
  transaction(database, () => {
    updateServer(database, serverIdOf(context), { front });
    alongside();
  });
  const statuses = await fronts.push();
  const { id, address, port } = serverOf(context);
  const status = statuses.find((found) => found.serverId === id && found.port === port);
  if (mustListen && !status?.listening) {
    throw new Error(
      `The gateway cannot listen on ${address}:${port}: ${status?.listenError ?? 'it does not say why'}.`,
    );
  }
}

/** A client that comes to the server's address is answered: greeted by mysqld, or refused in MySQL's own terms. */
export const clientsAreAnswered: ServerStep = {
  name: 'clientsAreAnswered',
  stage: 'Trying a connection',
  async ensure(context) {
    const { address, port } = serverOf(context);
    const socket = createConnection({ host: address, port: port ?? 0, timeout: ANSWER_TIMEOUT_MS });
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
    try {
      const [data] = (await once(socket, 'data')) as [Buffer];
      // MySQL's manual, "Connection Phase Packets": byte 5 is 10 in a greeting, 255 in an error.
      const kind = data[4];
      if (kind !== 10 && kind !== 255) throw new Error('what answers does not speak MySQL');
      if (kind === 255 && !REFUSALS.includes(data.readUInt16LE(5))) throw new Error(data.subarray(7).toString());
    } catch (cause) {
      throw new Error(`The server does not answer on ${address}:${port}: ${(cause as Error).message}.`, { cause });
    } finally {
      socket.destroy();
    }
  },
};

/** Azure's error number for a client that no firewall rule lets in, and MySQL's for one that finds all connections taken. */
const REFUSALS: readonly number[] = [9000, 1040];
