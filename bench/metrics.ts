/**
 * What thirty days of metrics cost: to read over the API, to keep, and to take.
 *
 *     node bench/metrics.ts           about two minutes
 *     node bench/metrics.ts --json    the figures as JSON, after the table
 *
 * Goals: 30 days of 4 metrics, as the chart asks for them, p95 at most 50 ms over https; a look at a server at most
 * 20 ms of processor time, this process's and mysqld's together. The bare read of the same rows stands beside.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OFFERED_METRICS, type Metric } from '../lib/control-plane/metrics/catalog.ts';
import { createSampler } from '../lib/control-plane/metrics/sampler.ts';
import { createStatusReader } from '../lib/control-plane/metrics/sources/mysql.ts';
import { cpuSeconds } from '../lib/control-plane/metrics/sources/process.ts';
import { instancePaths } from '../lib/control-plane/mysql/instance.ts';
import { startTestServer } from '../lib/control-plane/mysql/testing.ts';
import type { Database } from '../lib/control-plane/store/database.ts';
import { appendMinute, openSamplesDatabase, packNextHour, readSeries } from '../lib/control-plane/store/samples.ts';
import { destroyHome, makeHome, startDaemon, type TestDaemon } from '../lib/control-plane/testing/daemon.ts';

const SERVERS = 50;
const DAYS = 30;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ROUNDS = 60;
const LOOKS = 100;
const QUERY_GOAL_MS = 50;
const LOOK_GOAL_MS = 20;
const CHARTED = ['cpu_percent', 'memory_percent', 'Queries', 'storage_used'];

const say = (line: string) => process.stdout.write(`${line}\n`);
/** The newest whole hour. */
const end = Math.floor(Date.now() / HOUR) * HOUR;
const figures: Record<string, number> = {};

await benchQueries();
await benchLooks();
if (process.argv.includes('--json')) say(JSON.stringify({ metrics: figures }));

async function benchQueries(): Promise<void> {
  const home = makeHome();
  try {
    const daemon = await startDaemon({ home });
    const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/bench`;
    await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
    const server = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/measured`;
    await daemon.ended(
      await daemon.arm('PUT', server, {
        location: 'westeurope',
        sku: { name: 'Standard_B1ms', tier: 'Burstable' },
        properties: {
          administratorLogin: 'owner',
          administratorLoginPassword: 'Correct-horse-1',
          storage: { storageSizeGB: 20 },
        },
      }),
    );
    const serverId = internalId(home);
    const samples = openSamplesDatabase(join(home, 'samples.db'));
    const began = performance.now();
    fillMonth(samples, serverId);
    say(`a month of one server written in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const own = fileBytes(samples, home);
    copyMonth(samples, serverId);
    const all = fileBytes(samples, home);
    figures['serverMonthMB'] = (all - own) / (SERVERS - 1) / 1e6;
    figures['fiftyServersMB'] = all / 1e6;
    say(
      `a server's month of ${OFFERED_METRICS.length} metrics: ${figures['serverMonthMB'].toFixed(1)} MB; ${SERVERS} servers: ${figures['fiftyServersMB'].toFixed(0)} MB`,
    );

    const bare = repeat(() => {
      for (const metric of CHARTED) {
        readSeries(samples, { serverId, metric, from: end - DAYS * 24 * HOUR, stepMs: HOUR, steps: DAYS * 24 });
      }
    });
    say(`bare read of 4 × ${DAYS * 24} hours: p50 ${ms(bare, 0.5)}, p95 ${ms(bare, 0.95)}`);
    const fleet = repeat(() => {
      for (let index = 1; index < SERVERS; index++) {
        const query = { from: end - DAYS * 24 * HOUR, stepMs: HOUR, steps: DAYS * 24 };
        readSeries(samples, { serverId: `copy-${index}`, metric: 'cpu_percent', ...query });
      }
    });
    figures['fleetReadP95Ms'] = percentile(fleet, 0.95);
    say(
      `bare read of one metric of ${SERVERS - 1} servers × ${DAYS * 24} hours: p50 ${ms(fleet, 0.5)}, p95 ${ms(fleet, 0.95)}`,
    );
    samples.close();
    // The daemon has hung up on a connection that said nothing for so long.
    await daemon.arm('GET', server).catch(() => {});
    const floor = await repeatAsync(() =>
      daemon.arm('GET', `${server}/providers/Microsoft.Insights/metricNamespaces?api-version=2024-02-01`),
    );
    say(`an answer that reads no sample, for comparison: p50 ${ms(floor, 0.5)}, p95 ${ms(floor, 0.95)}`);
    for (const [label, interval, offset] of [
      ['by the hour (the chart)', 'PT1H', 0],
      ['by the half hour, from an odd minute', 'PT30M', 7 * MINUTE],
      ['by the minute, all 172,800 points', 'PT1M', 0],
    ] as const) {
      const times = await ask(daemon, server, interval, offset);
      figures[`${interval}P95Ms`] = percentile(times, 0.95);
      const goal =
        interval === 'PT1H'
          ? `, goal ${QUERY_GOAL_MS} ms: ${percentile(times, 0.95) <= QUERY_GOAL_MS ? 'reached' : 'missed'}`
          : '';
      say(`${DAYS} days × 4 metrics ${label}: p50 ${ms(times, 0.5)}, p95 ${ms(times, 0.95)}${goal}`);
    }
    await daemon.stop();
  } finally {
    await destroyHome(home);
  }
}

async function ask(daemon: TestDaemon, server: string, interval: string, offset: number): Promise<number[]> {
  const [from, to] = [end - DAYS * 24 * HOUR + offset, end + offset].map((time) => new Date(time).toISOString());
  const query = new URLSearchParams({
    timespan: `${from}/${to}`,
    interval,
    metricnames: CHARTED.join(','),
    aggregation: interval === 'PT1H' ? 'Average,Minimum,Maximum' : 'Average',
    'api-version': '2024-02-01',
  });
  const path = `${server}/providers/Microsoft.Insights/metrics?${query}`;
  const rounds = interval === 'PT1M' ? 12 : ROUNDS;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const { status, body } = await daemon.arm('GET', path);
    times.push(performance.now() - began);
    const known = body.value?.[0].timeseries[0].data.filter((point: object) => 'average' in point).length;
    if (status !== 200 || !(known > 100)) throw new Error(`Not what was asked for: ${status}, ${known} points`);
  }
  return times;
}

/** One month as a busy server has it, through the store's own writer. */
function fillMonth(samples: Database, serverId: string): void {
  const levels = new Map(OFFERED_METRICS.map(({ name }) => [name, 20]));
  for (let time = end - DAYS * 24 * HOUR; time < end; time += MINUTE) {
    const minute = OFFERED_METRICS.map((metric, index) => [metric.name, sample(metric, index, levels)] as const);
    appendMinute(samples, serverId, time, new Map(minute));
    if (time % HOUR === 59 * MINUTE) while (packNextHour(samples, time + HOUR));
  }
}

/**
 * A third of the counters rest, as on real servers, the others move all the time. Files are looked at once a minute and
 * grow by blocks, limits stand still; all other levels have a low, a high and a mean of their own in each minute.
 */
function sample({ name, kind, unit }: Metric, index: number, levels: Map<string, number>) {
  const one = (value: number) => ({ minimum: value, maximum: value, value });
  if (kind === 'counter') return one(index % 3 === 0 ? 0 : Math.floor(Math.random() * 3000));
  if (name.endsWith('_limit')) return one(20 * 1024 ** 3);
  const level = levels.get(name)!;
  if (unit === 'Bytes' || name.includes('storage')) {
    const grown = level + (Math.random() < 0.3 ? Math.floor(Math.random() * 64) * 4096 : 0);
    levels.set(name, unit === 'Bytes' ? grown : level);
    return one(grown);
  }
  const next = Math.max(1, Math.min(99, level + (Math.random() - 0.5) * 6));
  levels.set(name, next);
  const round = (value: number) => Math.round(value * 100) / 100;
  return { minimum: round(next * 0.8), maximum: round(next * 1.2), value: round(next) };
}

/** The same for the other servers: what they hold makes no difference to the size. */
function copyMonth(samples: Database, serverId: string): void {
  const name = samples.prepare('INSERT INTO names (name) VALUES (?)');
  const copy = samples.prepare(
    `INSERT INTO hours SELECT (SELECT id FROM names WHERE name = ?), metric, hour, minimum, maximum, total, count, samples
     FROM hours WHERE server = (SELECT id FROM names WHERE name = ?)`,
  );
  for (let index = 1; index < SERVERS; index++) {
    name.run(`copy-${index}`);
    copy.run(`copy-${index}`, serverId);
  }
}

function fileBytes(samples: Database, home: string): number {
  samples.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return statSync(join(home, 'samples.db')).size;
}

function internalId(home: string): string {
  const control = openSamplesDatabase(':memory:');
  try {
    control.exec(`ATTACH '${join(home, 'control.db')}' AS control`);
    return (control.prepare('SELECT id FROM control.servers').get() as { id: string }).id;
  } finally {
    control.close();
  }
}

async function benchLooks(): Promise<void> {
  const server = await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'fd-bench-'));
  const samples = openSamplesDatabase(join(folder, 'samples.db'));
  const { socket, dataDirectory, errorLog, slowLog } = instancePaths(server.instance);
  const { identity } = server.process();
  const sampler = createSampler({
    elapsed: () => performance.now(),
    statusReader: (path) => createStatusReader(path, 3000),
    readStandby: async () => new Map(),
    keep: (id, minute, measured) => appendMinute(samples, id, minute, measured),
    failed: (_, source, failure) => {
      throw new Error(`${source} failed`, { cause: failure });
    },
  });
  const sampled = {
    id: 'measured',
    process: identity,
    port: 3306,
    socket,
    dataDirectory,
    serverLogs: [errorLog, slowLog],
    rotatedLogsFolder: '/nowhere',
    cpus: 1,
    memoryBytes: 2 * 1024 ** 3,
    iops: 360,
    storageBytes: 20 * 1024 ** 3,
  };
  try {
    let mark = end;
    const look = () => sampler.look([sampled], undefined, (mark += 15_000));
    for (let index = 0; index < 20; index++) await look();
    const mysqld = () => cpuSeconds(readFileSync(`/proc/${identity.pid}/stat`, 'utf8'));
    const before = { own: process.cpuUsage(), mysqld: mysqld() };
    const times: number[] = [];
    for (let index = 0; index < LOOKS; index++) {
      const began = performance.now();
      await look();
      times.push(performance.now() - began);
    }
    const { user, system } = process.cpuUsage(before.own);
    const own = (user + system) / 1000 / LOOKS;
    const theirs = ((mysqld() - before.mysqld) * 1000) / LOOKS;
    figures['lookCpuMs'] = own + theirs;
    say(
      `a look at a server: ${own.toFixed(1)} ms of processor time here and ${theirs.toFixed(1)} ms in mysqld, ` +
        `goal ${LOOK_GOAL_MS} ms: ${own + theirs <= LOOK_GOAL_MS ? 'reached' : 'missed'}; p50 ${ms(times, 0.5)}, p95 ${ms(times, 0.95)}`,
    );
  } finally {
    sampler.close();
    samples.close();
    rmSync(folder, { recursive: true });
    await server.remove();
  }
}

function repeat(work: () => void): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
}

async function repeatAsync(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

function percentile(values: number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

function ms(values: number[], share: number): string {
  return `${percentile(values, share).toFixed(1)} ms`;
}
