import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { cpuCreditsOf } from '../rules/cpu-credits.ts';
import { REGIONS } from '../rules/regions.ts';
import { createArchives } from './backup/archives.ts';
import { findSku } from '../rules/skus.ts';
import { claimAddressBlock } from './address-block.ts';
import { createNotifier } from './alerts/notifier.ts';
import type { Clock } from './clock.ts';
import type { ControlPlaneConfig } from './config.ts';
import { failAt } from './failpoint.ts';
import { freePort } from './free-port.ts';
import { homePaths, prepareHome, type HomePaths } from './home.ts';
import { buildHttp } from './http/build.ts';
import { logDownloadEndpoint } from './http/log-download.ts';
import { metadataEndpoints } from './http/metadata-endpoints.ts';
import { openMetricsEndpoint } from './http/open-metrics.ts';
import { startIdentity, type Identity } from './identity/identity.ts';
import { listenOnLocalhost } from './listen.ts';
import { createDownloadLinks } from './logs/download-links.ts';
import { capacity } from './metrics/sources/process.ts';
import { openMetering } from './metrics/metering.ts';
import { isAlive } from './mysql/adoption.ts';
import {
  ensureCertificateAuthority,
  issueCertificate,
  issueDaemonCertificate,
  type CertificateAuthority,
} from './mysql/certificates.ts';
import { daemonCertificateFile } from './mysql/client.ts';
import { instancePaths } from './mysql/instance.ts';
import { readMachine } from './mysql/options.ts';
import { cachingSha2PasswordHash } from './mysql/password-hash.ts';
import { prepareRuntimes } from './mysql/prepare-runtime.ts';
import { findNewRuntimes, type MysqlRuntime } from './mysql/runtime.ts';
import { ensureTemplate } from './mysql/template.ts';
import { mysqldUser } from './mysql/user.ts';
import { OPERATIONS } from './operations/definitions.ts';
import { createEngine } from './operations/engine.ts';
import { createFronts } from './operations/fronts.ts';
import { createGatewayLink } from './operations/gateway-link.ts';
import { findMysqld, stopCleanly } from './operations/mysqld.ts';
import { mysqlInstance, type Control, type World } from './operations/world.ts';
import { alertDeliveryReconciler } from './reconcilers/alert-deliveries.ts';
import { alertsReconciler } from './reconcilers/alerts.ts';
import { archivesReconciler } from './reconcilers/archives.ts';
import { backupsReconciler } from './reconcilers/backups.ts';
import { binaryLogsReconciler } from './reconcilers/binary-logs.ts';
import { certificatesReconciler } from './reconcilers/certificates.ts';
import { connectionLogReconciler } from './reconcilers/connection-log.ts';
import { eventsReconciler } from './reconcilers/events.ts';
import { frozenProcessesReconciler } from './reconcilers/frozen-processes.ts';
import { gatewayReconciler } from './reconcilers/gateway.ts';
import { startLoop, type Loop } from './reconcilers/loop.ts';
import { moveStrayServers } from './reconcilers/address-block.ts';
import { maintenanceReconciler } from './reconcilers/maintenance.ts';
import { metricsReconciler } from './reconcilers/metrics.ts';
import { highAvailabilityReconciler } from './reconcilers/high-availability.ts';
import { mysqldReconciler } from './reconcilers/mysqld.ts';
import { processorsReconciler } from './reconcilers/processors.ts';
import { rehearsalsReconciler } from './reconcilers/rehearsals.ts';
import { recordStopWithControlPlane, serverHealthReconciler } from './reconcilers/server-health.ts';
import { retentionReconciler } from './reconcilers/retention.ts';
import { statementsReconciler } from './reconcilers/statements.ts';
import { storageReconciler } from './reconcilers/storage.ts';
import { timersReconciler } from './reconcilers/timers.ts';
import { serverLogsReconciler } from './reconcilers/server-logs.ts';
import { sparesReconciler } from './reconcilers/spares.ts';
import { zonesReconciler } from './reconcilers/zones.ts';
import { createDataPlane } from './resources/data-plane.ts';
import { armRoutes } from './resources/routes.ts';
import { openControlDatabase, type Database } from './store/database.ts';
import { nextDaemonEpoch, readHomeFact, writeHomeFact } from './store/home-facts.ts';
import { findPrimary, listInstances, setProcess } from './store/instances.ts';
import { locksAround } from './store/locks.ts';
import { findExclusiveOperation } from './store/operations.ts';
import { readServer } from './store/servers.ts';
import { ensureSubscription, findSubscription } from './store/subscriptions.ts';

/** The local cloud's one tenant. */
export const TENANT_ID = 'f1e8dec0-0000-4000-8000-00000000000a';

export interface ControlPlane {
  control: Control;
  identity: Identity;
  paths: HomePaths;
  subscriptionId: string;
  /** `https://localhost:8443`, with the port in force. */
  armOrigin: string;
  gatewayPid: number;
  /**
   * Answers no more, lets the running steps finish and closes the store. Operations in progress go on at the next start.
   *
   * @param options.keepServers leaves the MySQL servers and the gateway running.
   */
  stop(options: { keepServers: boolean }): Promise<void>;
}

/**
 * Puts the control plane together and starts it: whoever gets it back can use all of it.
 *
 * @param world.signal breaks off the wait for a runtime; all that follows takes no time, and ends.
 * @throws {Error} a message that says what to do.
 */
export async function buildControlPlane(
  config: ControlPlaneConfig,
  { clock, log, signal }: { clock: Clock; log: Logger; signal?: AbortSignal },
): Promise<ControlPlane> {
  // A start that fails leaves running what it found running, and nothing else.
  await using undoing = new AsyncDisposableStack();
  const paths = homePaths(config.home, config.runtimesFolder);
  prepareHome(paths, mysqldUser());
  const database = openControlDatabase(paths.controlDatabase);
  undoing.defer(() => {
    if (database.isOpen) database.close();
  });
  const machine = readMachine();
  const metering = openMetering(paths.samplesDatabase, log, (serverId) => {
    const size = findSku(readServer(database, serverId).intent.sku.name);
    const credits = size && cpuCreditsOf(size);
    return credits && { ...credits, cpus: capacity(size, machine).cpus };
  });
  undoing.defer(() => metering.close());
  const subscription = ensureSubscription(database, {
    id: randomUUID(),
    displayName: 'Local subscription',
    tenantId: TENANT_ID,
  });
  const runtimes = await Promise.race([prepareRuntimes(config, (line) => log.info(line)), aborted(signal)]);
  const unusable = new Map<string, string>();
  const certificateAuthority = await ensureCertificateAuthority({ certificate: paths.caCertificate, key: paths.caKey });

  await issueDaemonCertificate(certificateAuthority, daemonCertificateFile(paths.runFolder));

  const loops: Loop[] = [];
  const wake = () => loops.forEach((loop) => loop.wake());
  const link = createGatewayLink(
    { socketPath: paths.gatewaySocket, logFile: join(paths.logsFolder, 'gateway.log'), spawn, node: process.execPath },
    wake,
  );
  const epoch = nextDaemonEpoch(database);
  const fronts = createFronts({ database, paths, epoch }, (table) => link.apply(table));
  const archives = createArchives({ database, clock, log, paths, newId: randomUUID }, (serverId) => {
    // Half made: nobody has been let in, and what is executed in it was archived elsewhere.
    const { kind } = findExclusiveOperation(database, serverId) ?? {};
    if (kind === 'create-server' || kind === 'restore-server') return undefined;
    const primary = findPrimary(database, serverId);
    if (!primary?.process || !isAlive(primary.process)) return undefined;
    const { id: instanceId, mysqlServerId } = primary;
    return { instanceId, mysqlServerId, socket: instancePaths(mysqlInstance({ paths }, primary)).socket };
  });
  const world: World = {
    database,
    archives,
    metering,
    notifier: createNotifier(config.webhooks, config.mailServer, config.portalOrigin),
    clock,
    log,
    paths,
    machine,
    certificateAuthority,
    addressBlock: await ensureAddressBlock(database, config.home),
    runtimes,
    unusableRuntimes: unusable,
    holdsProcessors: config.cpuLimits,
    fronts,
    newId: randomUUID,
    template: templates(paths),
    freePort,
    clientSessions: (serverId) =>
      link.client().then(
        (gateway) => gateway.sessions(serverId),
        () => [],
      ),
    wake,
    mysqldEnded(instanceId, exit) {
      log.info({ instanceId, ...exit }, 'mysqld ended');
      wake();
    },
  };
  moveStrayServers(world, TENANT_ID);
  const failpoint = failAt(config.failpoint);
  const engine = createEngine<World>({
    database,
    clock,
    log,
    definitions: OPERATIONS,
    world,
    newId: randomUUID,
    failpoint,
    onEnded: wake,
  });
  const control: Control = { engine, world };
  const statements = statementsReconciler(world);
  const highAvailability = highAvailabilityReconciler(control, TENANT_ID);
  const alertDeliveries = alertDeliveryReconciler(world);

  const ending = new AbortController();
  const end = async ({ keepServers }: { keepServers: boolean }) => {
    ending.abort();
    await engine.stop();
    await Promise.all([alertDeliveries.stop(), ...loops.map((loop) => loop.stop())]);
    await archives.stop();
    statements.close();
    await metering.close();
    await highAvailability.stop();
    if (keepServers) {
      link.disconnect();
    } else {
      // A gateway that does not answer must not keep the servers from being stopped.
      recordStopWithControlPlane(world);
      const [gatewayEnd] = await Promise.allSettled([link.stop(), stopServers(world)]);
      if (gatewayEnd.status === 'rejected') log.error({ err: gatewayEnd.reason }, 'the gateway was not stopped');
    }
    database.close();
  };
  const keepServers = listInstances(database).some((instance) => findMysqld(world, instance) !== undefined);
  undoing.defer(() => end({ keepServers }));

  const gateway = await link.client();
  await fronts.push();
  engine.resume();
  for (const reconciler of [
    highAvailability,
    mysqldReconciler(control, TENANT_ID),
    frozenProcessesReconciler(world),
    gatewayReconciler(fronts, link),
    eventsReconciler(world),
    rehearsalsReconciler(world),
    zonesReconciler(world),
    retentionReconciler(world),
    timersReconciler(control, TENANT_ID),
    storageReconciler(control, TENANT_ID),
    maintenanceReconciler(control, TENANT_ID, async () => {
      const found = await findNewRuntimes(runtimes, config.runtimesFolder, unusable, {
        onRejected: (basedir, reason) => log.warn({ basedir, reason }, 'a MySQL installation cannot be used'),
      });
      if (found.length === 0) return undefined;
      return `found MySQL ${found.map(({ fullVersion }) => fullVersion).join(', ')}`;
    }),
    metricsReconciler(world, link),
    serverLogsReconciler(world),
    connectionLogReconciler(world, link),
    statements,
    alertsReconciler(world),
    serverHealthReconciler(world),
    alertDeliveries,
    certificatesReconciler(world),
    archivesReconciler(world),
    backupsReconciler(control, TENANT_ID, { failpoint }),
    binaryLogsReconciler(world),
    ...(config.cpuLimits ? [processorsReconciler(world)] : []),
    ...(config.spares ? [sparesReconciler(world, ending.signal)] : []),
  ]) {
    loops.push(startLoop(reconciler, log));
  }
  // So that the first server is made as quickly as the others.
  if (runtimes[0]) void world.template(runtimes[0]).catch((failure) => log.error({ err: failure }, 'no template'));

  const identity = await startIdentity({
    database,
    home: config.home,
    tenantId: TENANT_ID,
    subscriptionId: subscription.id,
    issuerPort: config.issuerPort,
    portalOrigin: config.portalOrigin,
    clock,
    log,
    randomId: randomUUID,
  });
  undoing.defer(() => identity.close());
  const arm = await startArm({ config, control, identity, certificateAuthority });
  undoing.defer(() => arm.close());
  identity.publishServicePrincipal({ armOrigin: arm.origin, caFile: paths.caCertificate });
  undoing.move();

  return {
    control,
    identity,
    paths,
    subscriptionId: subscription.id,
    armOrigin: arm.origin,
    gatewayPid: gateway.hello.pid,
    async stop(options) {
      await Promise.all([arm.close(), identity.close()]);
      await end(options);
    },
  };
}

/** Never resolves. @throws what the signal was aborted with, as soon as it is. */
async function aborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal?.throwIfAborted();
  signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
}

async function startArm({
  config,
  control,
  identity,
  certificateAuthority,
}: {
  config: ControlPlaneConfig;
  control: Control;
  identity: Identity;
  certificateAuthority: CertificateAuthority;
}): Promise<{ origin: string; close(): Promise<void> }> {
  const { world } = control;
  const { certificate, key } = await issueCertificate(certificateAuthority, {
    commonName: 'localhost',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
  });
  const tls = { cert: certificate, key };
  const downloads = createDownloadLinks(randomBytes(32), world.clock);
  const resources = {
    control,
    downloads,
    authorizer: identity.authorizer,
    dataPlane: createDataPlane(world),
    hashPassword: async (password: string) => cachingSha2PasswordHash(password),
  };
  const app = buildHttp({
    routes: [...armRoutes(resources, identity.routes), ...identity.routes],
    authenticate: identity.authenticate,
    authorizer: identity.authorizer,
    subscriptionExists: (id) => findSubscription(world.database, id) !== undefined,
    locksAround: (scope) => locksAround(world.database, scope),
    locations: REGIONS.map(({ name }) => name),
    portalOrigin: config.portalOrigin,
    clock: world.clock,
    log: world.log,
    tls,
    openEndpoints: [
      identity.authorityEndpoints,
      metadataEndpoints(config.portalOrigin),
      openMetricsEndpoint(world, identity),
      logDownloadEndpoint(world, downloads),
    ],
  });
  const port = await listenOnLocalhost(app, config.armPort, 'FLEXDECK_ARM_PORT', tls);
  return { origin: `https://localhost:${port}`, close: () => app.close() };
}

/** Kept for the home's life, unless another home has taken it while this one was away. */
async function ensureAddressBlock(database: Database, home: string): Promise<string> {
  const block = await claimAddressBlock(home, readHomeFact(database, 'address_block'));
  writeHomeFact(database, 'address_block', block);
  return block;
}

/** Each runtime's template, made once; a failure is tried again by whoever asks next. */
function templates({ templatesFolder }: HomePaths): (runtime: MysqlRuntime) => Promise<string> {
  const made = new Map<string, Promise<string>>();
  return (runtime) => {
    const known = made.get(runtime.id);
    if (known) return known;
    const making = ensureTemplate({ runtime, templatesFolder });
    made.set(runtime.id, making);
    making.catch(() => made.delete(runtime.id));
    return making;
  };
}

/** They stay wanted: the next start brings them back. */
async function stopServers(world: World): Promise<void> {
  const { database } = world;
  await Promise.all(
    listInstances(database).map(async (instance) => {
      const running = findMysqld(world, instance);
      if (running) await stopCleanly(world, instance, running);
      setProcess(database, instance.id, undefined);
    }),
  );
}
