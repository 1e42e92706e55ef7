/**
 * How long a person waits for a new server: from the PUT to the first query over TLS through the gateway, beside what
 * one does by hand: `mysqld --initialize-insecure`, start, first query over the socket. Once with a data directory made
 * ahead, as the first server after a pause has it, and once without, as a second server at the same moment. They
 * alternate, since a shared machine drifts, and nothing is made ahead meanwhile; medians are compared.
 *
 *     node bench/create.ts           10 rounds, under 2 minutes
 *     node bench/create.ts --json    the figures as JSON, after the table
 *
 * Goal: at most 0.4 of the way by hand.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { readConfig } from '../lib/control-plane/config.ts';
import { homePaths } from '../lib/control-plane/home.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { spawnBareMysqld } from '../lib/control-plane/mysql/process.ts';
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
const homes = [makeHome(), makeHome()] as const;
const ours: number[] = [];
const withoutSpare: number[] = [];
const byHand: number[] = [];
try {
  const [ahead, not] = await Promise.all([
    startDaemon({ home: homes[0], env: { FLEXDECK_SPARES: '1' } }),
    startDaemon({ home: homes[1] }),
  ]);
  for (const daemon of [ahead, not]) {
    await daemon.arm('PUT', `${groupOf(daemon)}?api-version=2021-04-01`, { location: 'westeurope' });
    // The template is made at the daemon's first start, and is no part of a server's making.
    await create(daemon, 'first');
  }
  for (let round = 1; round <= ROUNDS; round++) {
    await spareIsThere(ahead);
    ours.push(await create(ahead, `server-${round}`));
    await spareIsThere(ahead);
    byHand.push(await makeByHand(runtime));
    withoutSpare.push(await create(not, `server-${round}`));
    const figures = [ours, withoutSpare, byHand].map((list) => seconds(list.at(-1)!));
    say(`round ${round}: PUT to first query ${figures[0]}, without a spare ${figures[1]}, by hand ${figures[2]}`);
  }
  await Promise.all([ahead.stop(), not.stop()]);
} finally {
  await Promise.all(homes.map(destroyHome));
}

const ratio = median(ours) / median(byHand);
const ratioWithout = median(withoutSpare) / median(byHand);
say(
  `median: PUT to first query ${seconds(median(ours))}, without a spare ${seconds(median(withoutSpare))}, by hand ${seconds(median(byHand))}`,
);
say(
  `ratio ${ratio.toFixed(2)}, goal at most ${GOAL}: ${ratio <= GOAL ? 'reached' : 'missed'}; without a spare ${ratioWithout.toFixed(2)}`,
);
if (process.argv.includes('--json'))
  say(
    JSON.stringify({
      create: { oursMs: ours, withoutSpareMs: withoutSpare, byHandMs: byHand, ratio, ratioWithout, goal: GOAL },
    }),
  );

function groupOf({ ready }: TestDaemon): string {
  return `/subscriptions/${ready.subscriptionId}/resourceGroups/bench`;
}

async function spareIsThere({ home }: TestDaemon): Promise<void> {
  const { sparesFolder } = homePaths(home);
  await until(LONGEST_MS, () => readdirSync(sparesFolder).some((name) => !name.startsWith('.')) || undefined);
}

/** PUT of the server and of a rule that lets us in, then connecting until it works. Deletes the server afterwards. */
async function create(daemon: TestDaemon, name: string): Promise<number> {
  const server = `${groupOf(daemon)}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
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
  const mysqld = (options: string[]) =>
    spawnBareMysqld({ spawn }, runtime, {
      data,
      socket,
      options: ['--secure-file-priv=NULL', '--skip-networking', '--mysqlx=OFF', ...options],
    });
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
