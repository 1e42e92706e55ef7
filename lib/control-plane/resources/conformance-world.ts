import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { ArmError } from '../../arm/error.ts';
import type { MailServer } from '../alerts/mail.ts';
import { createNotifier } from '../alerts/notifier.ts';
import { homePaths } from '../home.ts';
import { createSeriesReader } from '../metrics/series-reader.ts';
import { createDownloadLinks } from '../logs/download-links.ts';
import type { MysqlConfiguration } from '../mysql/configurations.ts';
import type { MysqlDatabase } from '../mysql/databases.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import type { OperationContext, OperationDefinitions } from '../operations/definition.ts';
import type { DatabaseInput } from '../operations/database.ts';
import { OPERATIONS } from '../operations/definitions.ts';
import type { PatchServerInput } from '../operations/patch-server.ts';
import { createEngine } from '../operations/engine.ts';
import type { UpgradeServerInput } from '../operations/upgrade-server.ts';
import type { Control, World } from '../operations/world.ts';
import { openControlDatabase } from '../store/database.ts';
import { insertFullBackup, updateFullBackup } from '../store/full-backups.ts';
import { insertLogChain, setCovered } from '../store/log-chains.ts';
import { readPrimary, setRuntime } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { openSamplesDatabase } from '../store/samples.ts';
import { updateServer } from '../store/servers.ts';
import { ensureSubscription } from '../store/subscriptions.ts';
import type { Resources } from './resources.ts';
import type { ArmResponse, ArmRoute, Authorizer, Principal } from './route.ts';
import { armRoutes } from './routes.ts';

export const TEST_SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
export const TEST_GROUP = `/subscriptions/${TEST_SUBSCRIPTION}/resourceGroups/rg1`;
export const TEST_SERVER = `${TEST_GROUP}/providers/Microsoft.DBforMySQL/flexibleServers/srv1`;

export const OWNER: Principal = {
  objectId: '00000000-0000-4000-8000-0000000000aa',
  tenantId: '00000000-0000-4000-8000-0000000000bb',
  name: 'owner@local',
  kind: 'User',
};

export interface Call {
  status: number;
  /** As the wire would have it: what JSON cannot say is gone. */
  // eslint-disable-next-line typescript/no-explicit-any -- tests look into what came over the wire
  body: any;
  headers: Record<string, string>;
  route: ArmRoute;
}

export interface TestCloud {
  resources: Resources;
  routes: ArmRoute[];
  /** Calls the route that answers there; errors become responses, anything that is no ArmError is a 500. */
  call(method: string, path: string, options?: CallOptions): Promise<Call>;
  /** Waits until every operation has ended. */
  settle(): Promise<void>;
  databases: Map<string, MysqlDatabase[]>;
}

export interface CallOptions {
  apiVersion?: string;
  query?: Record<string, string>;
  body?: unknown;
  headers?: { ifMatch?: string; ifNoneMatch?: string };
  principal?: Principal;
}

/**
 * A control plane without processes: the real routes, store, engine and operation definitions, whose steps do nothing
 * but what the resources need to see.
 */
export function createTestCloud({
  versions = ['9.7'],
  subscriptionId = TEST_SUBSCRIPTION,
  configurations = CONFIGURATIONS,
  isAllowed = () => true,
  now = () => Date.now(),
  mailServer = undefined,
}: {
  versions?: string[];
  subscriptionId?: string;
  configurations?: MysqlConfiguration[];
  isAllowed?: Authorizer['isAllowed'];
  now?: () => number;
  mailServer?: MailServer | undefined;
} = {}): TestCloud {
  const database = openControlDatabase(':memory:');
  ensureSubscription(database, { id: subscriptionId, displayName: 'Test', tenantId: OWNER.tenantId });
  const databases = new Map<string, MysqlDatabase[]>();
  const samples = openSamplesDatabase(':memory:');
  const world = {
    database,
    metering: { samples, series: createSeriesReader(samples) },
    archives: { status: () => undefined, measure: async () => {}, chainId: () => undefined, closed: () => undefined },
    notifier: createNotifier({ hosts: [], networks: [] }, mailServer, 'http://localhost:3000'),
    wake: () => {},
    clock: { now },
    log: pino({ level: 'silent' }),
    paths: homePaths('/nowhere'),
    addressBlock: '127.83.250',
    runtimes: versions.map(runtime),
    unusableRuntimes: new Map(),
    machine: { cpus: 1, memoryBytes: 1024 ** 3 },
    fronts: { push: async () => [] },
    clientSessions: async () => [],
    newId: randomUUID,
  } as unknown as World;
  const engine = createEngine<World>({ ...world, world, definitions: immediate(databases) });
  const control: Control = { engine, world };
  const resources: Resources = {
    control,
    authorizer: {
      isAllowed,
      require: (principal, action, scope) => {
        if (!isAllowed(principal, action, scope)) throw new ArmError('AuthorizationFailed', 403, 'Not allowed.');
      },
    },
    dataPlane: {
      explain: () => Promise.reject(new ArmError('ServerNotReady', 409, 'There is no MySQL here.')),
      ask: () => Promise.reject(new ArmError('ServerNotReady', 409, 'There is no MySQL here.')),
      listDatabases: async ({ id }) => databases.get(id) ?? [],
      findDatabase: async ({ id }, name) => databases.get(id)?.find((one) => one.name === name.toLowerCase()),
      readConfigurations: async ({ overrides }) =>
        configurations.map((one) => {
          const override = overrides[one.name];
          return override === undefined ? one : { ...one, value: override, source: 'user-override' };
        }),
    },
    downloads: createDownloadLinks(Buffer.alloc(32), { now }),
    hashPassword: async () => '24412430303524',
  };
  const routes = armRoutes(resources);

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Call> {
    const found = find(routes, method, path, options.apiVersion);
    if (!found) throw new Error(`No route answers ${method} ${path}.`);
    const { route, params } = found;
    const apiVersion = options.apiVersion ?? route.apiVersions.at(-1)!;
    const search = new URLSearchParams({ ...options.query, 'api-version': apiVersion });
    const response = await answer(() =>
      route.handle({
        params,
        query: options.query ?? {},
        body: options.body === undefined ? undefined : JSON.parse(JSON.stringify(options.body)),
        apiVersion,
        principal: options.principal ?? OWNER,
        correlationId: randomUUID(),
        requestId: randomUUID(),
        clientAddress: '127.0.0.1',
        url: `${path}?${search}`,
        origin: 'https://localhost:8443',
        headers: options.headers ?? {},
      }),
    );
    const json = response.json ?? JSON.stringify(response.body);
    return {
      status: response.status,
      body: json === undefined ? undefined : JSON.parse(json),
      headers: response.headers ?? {},
      route,
    };
  }

  async function settle(): Promise<void> {
    for (;;) {
      const [operation] = listOperationsInProgress(database);
      if (!operation) return;
      await engine.ended(operation.id);
    }
  }

  return { resources, routes, call, settle, databases };
}

/** A group and a Ready server in it. */
export async function withServer(cloud: TestCloud): Promise<TestCloud> {
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  const { status, body } = await cloud.call('PUT', TEST_SERVER, { body: newServer() });
  if (status !== 202) throw new Error(`The server was refused: ${JSON.stringify(body)}`);
  await cloud.settle();
  return cloud;
}

/** The body of a PUT that makes a server; nothing in it is left to defaults but what most people leave. */
export function newServer(properties: object = {}): {
  location: string;
  sku: object;
  tags: object;
  properties: object;
} {
  return {
    location: 'westeurope',
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    tags: { purpose: 'test' },
    properties: { administratorLogin: 'myadmin', administratorLoginPassword: 'Passw0rd!x', ...properties },
  };
}

async function answer(handle: () => ArmResponse | Promise<ArmResponse>): Promise<ArmResponse> {
  try {
    return await handle();
  } catch (failure) {
    if (failure instanceof ArmError) return { status: failure.status, body: failure.toResponse() };
    return { status: 500, body: { error: { code: 'InternalServerError', message: String((failure as Error).stack) } } };
  }
}

/** The real definitions with steps that end at once. */
function immediate(databases: TestCloud['databases']): OperationDefinitions<World> {
  const change = (serverId: string | null, edit: (list: MysqlDatabase[]) => MysqlDatabase[]) => {
    databases.set(serverId!, edit(databases.get(serverId!) ?? []));
  };
  const steps: Record<string, (context: OperationContext<World, DatabaseInput>) => void> = {
    'create-server': ({ world, operation }) => {
      updateServer(world.database, operation.serverId!, { port: 3306 });
      backUp(world, operation.serverId!);
    },
    'restore-server': ({ world, operation }) => {
      updateServer(world.database, operation.serverId!, { port: 3306 });
      backUp(world, operation.serverId!);
    },
    'patch-server': ({ world, operation, input }) => {
      const { to } = input as unknown as PatchServerInput;
      setRuntime(world.database, readPrimary(world.database, operation.serverId!).id, to);
    },
    'upgrade-server': ({ world, operation, input }) => {
      const { to } = input as unknown as UpgradeServerInput;
      setRuntime(world.database, readPrimary(world.database, operation.serverId!).id, to);
    },
    'put-database': ({ operation, input }) =>
      change(operation.serverId, (list) => [
        ...list.filter(({ name }) => name !== input.name.toLowerCase()),
        {
          name: input.name.toLowerCase(),
          charset: input.charset ?? 'utf8mb4',
          collation: input.collation ?? 'utf8mb4_0900_ai_ci',
          sizeBytes: 0,
        },
      ]),
    'delete-database': ({ operation, input }) =>
      change(operation.serverId, (list) => list.filter(({ name }) => name !== input.name.toLowerCase())),
  };
  return Object.fromEntries(
    Object.entries(OPERATIONS).map(([kind, definition]) => {
      if (kind === 'delete-resource-group') return [kind, definition];
      const ensure = steps[kind];
      return [kind, { ...definition, steps: ensure ? [{ name: 'done', stage: 'Doing it', ensure }] : [] }];
    }),
  ) as unknown as OperationDefinitions<World>;
}

/** As if it had been there for long: it can be restored to every moment. */
function backUp({ database, clock }: World, serverId: string): void {
  const chainId = randomUUID();
  insertLogChain(database, { id: chainId, serverId, startedAt: 0, startGtids: '' });
  setCovered(database, chainId, clock.now() * 1000);
  const id = randomUUID();
  insertFullBackup(database, { id, serverId, name: 'first', source: 'Automatic', version: '9.7.4', startedAt: 0 });
  updateFullBackup(database, id, {
    chainId,
    gtidsAtStart: '',
    moment: 1,
    state: 'Succeeded',
    completedAt: 1,
    geoCopiedAt: 1,
  });
}

function find(routes: ArmRoute[], method: string, path: string, apiVersion: string | undefined) {
  const segments = path.split('/').filter(Boolean);
  const found = routes.flatMap((route) => {
    if (route.method !== method || (apiVersion && !route.apiVersions.includes(apiVersion))) return [];
    const parts = route.path.split('/').filter(Boolean);
    const params: Record<string, string> = {};
    const rest = [...segments];
    if (parts[0] === '{scope}') {
      params['scope'] = rest.splice(0, segments.length - parts.length + 1, '{scope}').join('/');
    }
    if (rest.length !== parts.length) return [];
    const fits = parts.every((part, index) => {
      const segment = rest[index]!;
      if (!part.startsWith('{')) return part.toLowerCase() === segment.toLowerCase();
      if (part !== '{scope}') params[part.slice(1, -1)] = decodeURIComponent(segment);
      return true;
    });
    return fits ? [{ route, params }] : [];
  });
  // Names before parameters.
  return found.sort((one, other) => Object.keys(one.params).length - Object.keys(other.params).length)[0];
}

function runtime(series: string): MysqlRuntime {
  return { id: `test-${series}`, registeredAt: 0, series, fullVersion: `${series}.4` } as MysqlRuntime;
}

export const CONFIGURATIONS: MysqlConfiguration[] = [
  configuration('max_connections', '171', 'Integer', '10-341'),
  configuration('innodb_log_file_size', '268435456', 'Enumeration', '268435456,536870912', { isDynamic: false }),
  configuration('version', '9.7.4', 'String', '', { isReadOnly: true }),
];

export function configuration(
  name: string,
  defaultValue: string,
  dataType: MysqlConfiguration['dataType'],
  allowedValues: string,
  more: Partial<MysqlConfiguration> = {},
): MysqlConfiguration {
  return {
    name,
    value: defaultValue,
    currentValue: defaultValue,
    defaultValue,
    dataType,
    allowedValues,
    description: `About ${name}.`,
    documentationLink: `https://dev.mysql.com/doc/refman/9.7/en/server-system-variables.html#sysvar_${name}`,
    isDynamic: true,
    isReadOnly: false,
    isPendingRestart: false,
    source: 'system-default',
    ...more,
  };
}
