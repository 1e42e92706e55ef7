import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { destroyHome, makeHome, startDaemon } from '../../lib/control-plane/testing/daemon.ts';
import { TestRuntimes } from '../../lib/control-plane/testing/runtimes.ts';
import { findFreePort, startPortal } from './processes.ts';
import { HOME_VARIABLE, RUNTIMES_VARIABLE } from './world.ts';

const LOGS = fileURLToPath(new URL('../../test-results/logs', import.meta.url));

/** One control plane and one portal for the whole run, in a home of their own; afterwards all of it is gone but the logs. */
export default async function setUp(): Promise<() => Promise<void>> {
  const home = makeHome();
  // The issuer sends people back to this origin only.
  const port = await findFreePort();
  // A copy of MySQL of its own, so that a story may register another series of it beside.
  const runtimes = TestRuntimes.of();
  runtimes?.register('mysql', Date.UTC(2025, 0, 1));
  const env = { FLEXDECK_PORTAL_PORT: String(port), ...(runtimes && { FLEXDECK_RUNTIMES: runtimes.folder }) };
  const daemon = await startDaemon({ home, env }).catch((failure) => {
    runtimes?.removeAll();
    throw failure;
  });
  const tearDown = async (stopPortal?: () => Promise<void>) => {
    await stopPortal?.();
    await daemon.stop();
    keepLogs(home);
    await destroyHome(home);
    runtimes?.removeAll();
  };
  try {
    const portal = await startPortal({ port, env: { FLEXDECK_HOME: home }, log: join(home, 'portal.log') });
    process.env[HOME_VARIABLE] = home;
    if (runtimes) process.env[RUNTIMES_VARIABLE] = runtimes.folder;
    return () => tearDown(portal.stop);
  } catch (failure) {
    await tearDown();
    throw failure;
  }
}

function keepLogs(home: string): void {
  rmSync(LOGS, { recursive: true, force: true });
  for (const name of ['daemon.log', 'portal.log', 'logs']) {
    const file = join(home, name);
    if (existsSync(file)) cpSync(file, join(LOGS, name), { recursive: true });
  }
}
