/**
 * The control plane's process: `node main.ts [--keep-servers]`. SIGTERM or SIGINT stop it, and the MySQL servers with it
 * unless they are to be kept; when it is killed they run on and the next one adopts them.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { buildControlPlane, TENANT_ID, type ControlPlane } from './build.ts';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { lockHome } from './daemon-lock.ts';
import { homePaths, prepareHome } from './home.ts';
import { logLines } from './log-lines.ts';
import { PORTAL_CLIENT_ID } from './identity/provider.ts';
import { mysqldUser } from './mysql/user.ts';

const log = pino({}, logLines());
let controlPlane: ControlPlane | undefined;
const stopping = new AbortController();

async function start(): Promise<void> {
  const config = readConfig();
  const paths = homePaths(config.home, config.runtimesFolder);
  prepareHome(paths, mysqldUser());
  lockHome(config.home);
  rmSync(paths.readyFile, { force: true });
  controlPlane = await buildControlPlane(config, { clock: systemClock, log, signal: stopping.signal });
  if (stopping.signal.aborted) return;
  const { identity, armOrigin, subscriptionId, gatewayPid } = controlPlane;
  const ready = {
    portal: config.portalOrigin,
    resourceManagerEndpoint: armOrigin,
    issuer: identity.issuerOrigin,
    tenantId: TENANT_ID,
    clientId: PORTAL_CLIENT_ID,
    subscriptionId,
    caFile: paths.caCertificate,
    signInLink: identity.signInLink('owner'),
    pids: { controlPlane: process.pid, gateway: gatewayPid },
  };
  writeFileSync(`${paths.readyFile}.new`, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${paths.readyFile}.new`, paths.readyFile);
  log.info({ resourceManagerEndpoint: armOrigin, issuer: identity.issuerOrigin }, 'ready');
}

async function stop(signal: string): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  log.info({ signal }, 'stopping');
  // A start under way comes to its end first, lest what it has started runs on.
  await starting.catch(() => {});
  if (controlPlane) {
    rmSync(controlPlane.paths.readyFile, { force: true });
    await controlPlane.stop({ keepServers: process.argv.includes('--keep-servers') });
  }
  process.exit(0);
}

function fail(failure: unknown): void {
  log.fatal({ err: failure }, 'fault');
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exit(1);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal).catch(fail));
// Started from a terminal, it is npm start's to end it.
process.on('SIGHUP', () => {});
const starting = start();
starting.catch((failure) => stopping.signal.aborted || fail(failure));
