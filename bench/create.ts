/**
 * How long a person waits for a new server: from the PUT to the first query over TLS through the gateway, beside what
 * one does by hand: `mysqld --initialize-insecure`, start, first query over the socket. The two alternate, since a shared
 * machine drifts; medians are compared.
 *
 *     node bench/create.ts           10 rounds, under 2 minutes
 *     node bench/create.ts --json    the figures as JSON, after the table
 *
 * Goal: at most 0.4 of the way by hand.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { readConfig } from '../lib/control-plane/config.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { spawnMysqld } from '../lib/control-plane/mysql/process.ts';
import type { MysqlRuntime } from '../lib/control-plane/mysql/runtime.ts';
import { giveToMysqld } from '../lib/control-plane/mysql/user.ts';
import { destroyHome, makeHome, startDaemon, until, type TestDaemon } from '../lib/control-plane/testing/daemon.ts';

const ROUNDS = 10;
const GOAL = 0.4;
const LONGEST_MS = 60_000;
const PASSWORD = 'Correct-horse-1';

const say = (line: string) => process.stdout.write(`${line}\n`);

const [runtime] = await prepareRuntimes(readConfig(), say);
if (!runtime) throw new Error('There is no MySQL to measure with.');
const home = makeHome();
const ours: number[] = [];
const byHand: number[] = [];
try {
  const daemon = await startDaemon({ home });
  const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/bench`;
  await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
  // The template is made at the daemon's first start, and is no part of a server's making.
  await create(daemon, group, 'first');
  for (let round = 1; round <= ROUNDS; round++) {
    ours.push(await create(daemon, group, `server-${round}`));
    byHand.push(await makeByHand(runtime));
    say(`round ${round}: PUT to first query ${seconds(ours.at(-1)!)}, by hand ${seconds(byHand.at(-1)!)}`);
  }
  await daemon.stop();
} finally {
  await destroyHome(home);
}

const ratio = median(ours) / median(byHand);
say(`median: PUT to first query ${seconds(median(ours))}, by hand ${seconds(median(byHand))}`);
say(`ratio ${ratio.toFixed(2)}, goal at most ${GOAL}: ${ratio <= GOAL ? 'reached' : 'missed'}`);
if (process.argv.includes('--json'))
  say(JSON.stringify({ create: { oursMs: ours, byHandMs: byHand, ratio, goal: GOAL } }));

/** PUT of the server and of a rule that lets us in, then connecting until it works. Deletes the server afterwards. */
async function create(daemon: TestDaemon, group: string, name: string): Promise<number> {
  const server = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
  const ca = readFileSync(daemon.ready.caFile);
  const begin = performance.now();
  const accepted = await daemon.arm('PUT', server, {
    location: 'westeurope',
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, storage: { storageSizeGB: 20 } },
  });
  await daemon.arm('PUT', `${server}/firewallRules/here`, {
    properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' },
  });
  const { body } = await daemon.arm('GET', server);
  const { fullyQualifiedDomainName: host, databasePort: port = 3306 } = body.properties;
  await until(LONGEST_MS, () => answers({ host, port, user: 'owner', password: PASSWORD, ssl: { ca } }));
  const took = performance.now() - begin;
  await daemon.ended(accepted);
  await daemon.ended(await daemon.arm('DELETE', server));
  return took;
}

async function makeByHand(runtime: MysqlRuntime): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'fd-hand-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  await giveToMysqld(folder, data);
  const socket = join(folder, 'socket');
  const { file, args } = runtime.command('mysqld');
  const mysqld = (options: string[]) =>
    spawnMysqld(
      { spawn },
      file,
      [
        ...args,
        '--no-defaults',
        `--basedir=${runtime.basedir}`,
        `--plugin-dir=${runtime.pluginDirectory}`,
        `--lc-messages-dir=${runtime.messagesDirectory}`,
        `--datadir=${data}`,
        `--socket=${socket}`,
        '--secure-file-priv=NULL',
        '--skip-networking',
        '--mysqlx=OFF',
        ...options,
      ],
      'pipe',
    );
  const begin = performance.now();
  const initialize = mysqld(['--initialize-insecure']);
  initialize.stderr?.resume();
  const [code] = await once(initialize, 'exit');
  if (code !== 0) throw new Error(`mysqld --initialize-insecure ended with ${code}.`);
  const server = mysqld([]);
  server.stderr?.resume();
  await until(LONGEST_MS, () => answers({ socketPath: socket, user: 'root' }));
  const took = performance.now() - begin;
  server.kill('SIGKILL');
  await once(server, 'exit');
  rmSync(folder, { recursive: true });
  return took;
}

async function answers(options: Parameters<typeof createConnection>[0] & object): Promise<true | undefined> {
  try {
    const connection = await createConnection(options as never);
    await connection.query('SELECT 1');
    connection.destroy();
    return true;
  } catch {
    return undefined;
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
