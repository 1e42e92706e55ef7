/**
 * The longest gap in acknowledged writes that clients see when a server is restarted for its settings: for a parameter, for
 * another size, for another build of MySQL. Beside it, in the same run, a bare mysqld with the same options that is
 * stopped and started by hand, with clients straight at its socket; beside a server with high availability, two bare
 * mysqlds of which a script restarts one, makes the two change places and stops the other, as such a change does.
 *
 *     npm run bench -- settings [--rounds N]
 *     npm run bench -- settings --only pair --trace   with a standby alone; each change’s longest gaps, and in which step
 *
 * Goals, in the same run: at most 1.3 times the bare restart, with high availability at most twice the bare rolling switch.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createConnection, type ConnectionOptions } from 'mysql2/promise';
import { readConfig } from '../lib/control-plane/config.ts';
import { homePaths, prepareHome } from '../lib/control-plane/home.ts';
import { ensureCertificateAuthority, ensureServerCertificate } from '../lib/control-plane/mysql/certificates.ts';
import { withConnection } from '../lib/control-plane/mysql/client.ts';
import { ensureDataDirectory } from '../lib/control-plane/mysql/data-directory.ts';
import { instancePaths } from '../lib/control-plane/mysql/instance.ts';
import { mysqldOptions, readMachine } from '../lib/control-plane/mysql/options.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { startMysqld, stopMysqld, waitUntilReady } from '../lib/control-plane/mysql/process.ts';
import { ensureTemplate } from '../lib/control-plane/mysql/template.ts';
import { SMALL } from '../lib/control-plane/mysql/testing.ts';
import { createPair } from './high-availability-bare.ts';
import { mysqldUser } from '../lib/control-plane/mysql/user.ts';
import { destroyHome, makeHome, until } from '../lib/control-plane/testing/daemon.ts';
import { TestRuntimes } from '../lib/control-plane/testing/runtimes.ts';
import { PASSWORD, TestServers } from '../lib/control-plane/testing/servers.ts';

const WRITERS = 4;
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' }, trace: { type: 'boolean' } },
});
const rounds = Number(values.rounds);

interface Gap {
  /** Milliseconds since 1970. */
  from: number;
  milliseconds: number;
}

/** Of the last change, those that are longer than what is usual. */
let noted: Gap[] = [];
const NOTED_MS = 15;
const TRACED = 6;

/** Writers that connect again as soon as they can; the gap is the longest time between two commits of all of them. */
async function gapWhile(target: ConnectionOptions, change: () => Promise<unknown>): Promise<number> {
  noted = [];
  const stopping = new AbortController();
  let last = performance.now();
  let longest = 0;
  const writer = async () => {
    while (!stopping.signal.aborted) {
      try {
        const connection = await createConnection({ ...target, connectTimeout: 2000 });
        try {
          while (!stopping.signal.aborted) {
            await connection.query('INSERT INTO bench.writes (at) VALUES (NOW(6))');
            const now = performance.now();
            longest = Math.max(longest, now - last);
            if (now - last > NOTED_MS) noted.push({ from: performance.timeOrigin + last, milliseconds: now - last });
            last = now;
          }
        } finally {
          connection.destroy();
        }
      } catch {
        await delay(5);
      }
    }
  };
  const writers = Array.from({ length: WRITERS }, writer);
  await delay(1000);
  last = performance.now();
  longest = 0;
  noted = [];
  await change();
  await delay(1000);
  stopping.abort();
  await Promise.all(writers);
  return longest;
}

const SCHEMA = [
  'CREATE DATABASE bench',
  'CREATE TABLE bench.writes (id BIGINT AUTO_INCREMENT PRIMARY KEY, at DATETIME(6))',
];

async function bare(): Promise<number[]> {
  const home = makeHome();
  try {
    const paths = homePaths(home);
    prepareHome(paths, mysqldUser());
    const [runtime] = await prepareRuntimes({ ...readConfig(), home }, () => {});
    const authority = await ensureCertificateAuthority({ certificate: paths.caCertificate, key: paths.caKey });
    const instance = { id: 'bare', mysqlServerId: 1, folder: paths.instanceFolder('bare'), runFolder: paths.runFolder };
    const template = await ensureTemplate({ runtime: runtime!, templatesFolder: paths.templatesFolder });
    await ensureDataDirectory(instance, template);
    await ensureServerCertificate(authority, instance, { commonName: 'bare', dnsNames: [], addresses: ['127.0.0.1'] });
    const options = mysqldOptions(instance, SMALL, {}, readMachine());
    const start = async () => {
      const { identity } = await startMysqld({ runtime: runtime!, instance, options });
      await waitUntilReady(instance, identity);
      return identity;
    };
    let running = await start();
    const { socket } = instancePaths(instance);
    await withConnection(socket, async (connection) => {
      for (const sql of [
        ...SCHEMA,
        `CREATE USER owner@localhost IDENTIFIED BY '${PASSWORD}'`,
        'GRANT ALL ON *.* TO owner@localhost',
      ]) {
        await connection.query(sql);
      }
    });
    const gaps: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const target = { socketPath: socket, user: 'owner', password: PASSWORD, ssl: { rejectUnauthorized: false } };
      gaps.push(
        await gapWhile(target, async () => {
          await stopMysqld(running);
          running = await start();
        }),
      );
    }
    await stopMysqld(running);
    return gaps;
  } finally {
    await destroyHome(home);
  }
}

interface Case {
  /** What a server is made with beside what all have; its size is the second one. */
  create: object;
  sizes: [string, string];
  tier: string;
}

const ALONE: Case = { create: {}, sizes: ['Standard_B2s', 'Standard_B1ms'], tier: 'Burstable' };
const PAIR: Case = {
  create: { highAvailability: { mode: 'ZoneRedundant' } },
  sizes: ['Standard_D4ds_v4', 'Standard_D2ds_v4'],
  tier: 'GeneralPurpose',
};

async function ours({ create, sizes, tier }: Case): Promise<Record<string, number[]>> {
  const runtimes = TestRuntimes.of();
  const home = makeHome();
  const servers = new TestServers(home);
  const gaps: Record<string, number[]> = { restart: [], parameter: [], scale: [], ...(runtimes && { patch: [] }) };
  try {
    runtimes?.register('build-0', Date.UTC(2026, 0, 1));
    await servers.begin('Bench', runtimes ? { FLEXDECK_RUNTIMES: runtimes.folder } : {});
    const id = servers.idOf('bench1');
    const made = await servers.daemon.arm('PUT', id, {
      location: 'westeurope',
      sku: { name: sizes[1], tier },
      properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, ...create },
    });
    await servers.succeed(made);
    /** Both sides complete: what rolls needs that, and a round leaves a side behind. */
    const healthy = () =>
      until(120_000, () => ['NotEnabled', 'Healthy'].includes(servers.row('bench1').haState) || undefined);
    await servers.admit('bench1');
    for (const sql of SCHEMA) await servers.query('bench1', sql);
    const { address: host, port } = servers.row('bench1');
    const ssl = { rejectUnauthorized: false };
    const target = { host, port: port!, user: 'owner', password: PASSWORD, ssl };
    const arm = async (...call: Parameters<typeof servers.daemon.arm>) =>
      servers.succeed(await servers.daemon.arm(...call));
    const trace = (what: string) => {
      if (!values.trace) return;
      const steps = servers.read(
        (database) =>
          database
            .prepare(
              `SELECT kind, step, at FROM operation_steps JOIN operations ON id = operation_id
                WHERE state = 'done' ORDER BY at`,
            )
            .all() as unknown as { kind: string; step: string; at: number }[],
      );
      const longest = noted.toSorted((one, other) => other.milliseconds - one.milliseconds).slice(0, TRACED);
      for (const { from, milliseconds } of longest) {
        const step = steps.find(({ at }) => at >= from);
        const doing = step
          ? `${step.kind}/${step.step}, ${(step.at - from).toFixed(0)} ms before its end`
          : 'afterwards';
        print(`    ${what}: ${milliseconds.toFixed(0)} ms: ${doing}`);
      }
    };
    for (let round = 0; round < rounds; round++) {
      await healthy();
      gaps['restart']!.push(await gapWhile(target, () => arm('POST', `${id}/restart`, {})));
      trace('restart');
      await healthy();
      const value = String(8_000_000 + round + 1);
      await arm('PATCH', `${id}/configurations/innodb_ft_cache_size`, {
        properties: { value, source: 'user-override' },
      });
      gaps['parameter']!.push(await gapWhile(target, () => arm('POST', `${id}/restart`, {})));
      trace('parameter');
      await healthy();
      const name = sizes[round % 2]!;
      gaps['scale']!.push(await gapWhile(target, () => arm('PATCH', id, { sku: { name, tier } })));
      trace('scale');
      if (!runtimes) continue;
      await healthy();
      runtimes.register(`build-${round + 1}`, Date.UTC(2026, 0, round + 2));
      const list = `${id}/maintenances`;
      const ahead = await until(60_000, async () => {
        const { body } = await servers.daemon.arm('GET', list);
        return body.value.find(
          (one: { properties: { maintenanceState: string } }) => one.properties.maintenanceState === 'Scheduled',
        );
      });
      gaps['patch']!.push(
        await gapWhile(target, async () => {
          await servers.daemon.arm('PATCH', `${list}/${ahead.name}`, {
            properties: { maintenanceStartTime: new Date().toISOString() },
          });
          await until(120_000, async () => {
            const { body } = await servers.daemon.arm('GET', `${list}/${ahead.name}`);
            return body.properties.maintenanceState === 'Completed' || undefined;
          });
        }),
      );
      trace('patch');
    }
    return gaps;
  } finally {
    await destroyHome(home);
    runtimes?.removeAll();
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

async function compare(baseline: readonly number[], goal: number, own: Case): Promise<void> {
  for (const [what, gaps] of Object.entries(await ours(own))) {
    const ratio = median(gaps) / median(baseline);
    print(
      `${what.padEnd(17)} ${gaps.map((ms) => ms.toFixed(0)).join(' ')} ms, median ${median(gaps).toFixed(0)}: ${ratio.toFixed(2)} × bare${ratio <= goal ? '' : ` (more than ${goal})`}`,
    );
  }
}

const words = (gaps: readonly number[]) =>
  `${gaps.map((ms) => ms.toFixed(0)).join(' ')} ms, median ${median(gaps).toFixed(0)}`;
if (values.only !== 'pair') {
  const restarts = await bare();
  print(`bare restart      ${words(restarts)}`);
  await compare(restarts, 1.3, ALONE);
}
if (values.only === 'alone') process.exit();
const [switches, rolls]: [number[], number[]] = [[], []];
{
  await using pair = await createPair();
  for (let round = 0; round < rounds; round++) {
    switches.push(await pair.measure('switch', WRITERS));
    rolls.push(await pair.measure('roll', WRITERS));
  }
}
print(`\nbare switch alone ${words(switches)}`);
print(`bare rolling      ${words(rolls)}; with high availability:`);
await compare(rolls, 2, PAIR);
