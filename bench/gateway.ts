/**
 * The gateway beside HAProxy and MySQL Router, and the direct connection as the limit: throughput and p95 of sysbench's
 * point select and read-write, at 1, 8 and 32 connections, with and without TLS to mysqld's end. Every round measures
 * all of them, one after the other; ratios are medians over the rounds, since a shared machine drifts.
 *
 *     node bench/gateway.ts            under 9 minutes
 *     node bench/gateway.ts --quick    under 1, for 8 connections
 *     node bench/gateway.ts --json     the figures as JSON, after the table
 *
 * Goals, in the same run: read-write at least HAProxy's throughput, point select at least 0.95 of it.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../lib/control-plane/config.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { ACCOUNT, startContestants, type Contestants } from './gateway-contestants.ts';
import { findPrograms, type Program } from './gateway-programs.ts';

const quick = process.argv.includes('--quick');
const SECONDS = 1;
/** Two contestants that are equal differ by a tenth in a single round. */
const ROUNDS = quick ? 2 : 9;
const CONNECTIONS = quick ? [8] : [1, 8, 32];
/** No new round begins after this. */
const BUDGET_MS = 8 * 60_000;
const TABLES = ['--tables=2', '--table-size=20000'];
const GOALS = { point_select: 0.95, read_write: 1 };

type Workload = keyof typeof GOALS;

interface Measure {
  queriesPerSecond: number;
  p95Ms: number;
}

interface Cell {
  workload: Workload;
  tls: boolean;
  connections: number;
  /** By contestant, one measure a round. */
  measures: Record<string, Measure[]>;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const execute = promisify(execFile);

const config = readConfig();
const [runtime] = await prepareRuntimes(config, say);
if (!runtime) throw new Error('There is no MySQL to measure with.');
const programs = await findPrograms(join(config.home, 'bench-programs'), say);
for (const [name, program] of Object.entries(programs)) {
  if (typeof program === 'string') say(`Without ${name}: ${program}`);
}
const { sysbench } = programs;
if (typeof sysbench === 'string') {
  say('Skipped: sysbench makes the load.');
} else {
  await using contestants = await startContestants(runtime, programs);
  const load = prepareSysbench(sysbench, contestants);
  await load(['oltp_common', 'prepare'], 'direct', { tls: false, connections: 1 });
  const cells = await measure(contestants, load);
  print(cells);
  if (process.argv.includes('--json')) say(JSON.stringify(cells));
}

type Load = (
  command: [script: string, verb: string],
  contestant: string,
  how: { tls: boolean; connections: number },
) => Promise<string>;

/** sysbench's TLS takes its files, by fixed names, from the working folder; its scripts find each other there too. */
function prepareSysbench(program: Program, { folder, address, ports }: Contestants): Load {
  const cwd = join(folder, 'sysbench');
  mkdirSync(cwd);
  for (const script of globSync(join(program.root, 'usr/share/sysbench/*.lua'))) {
    copyFileSync(script, join(cwd, script.slice(script.lastIndexOf('/') + 1)));
  }
  copyFileSync(join(folder, 'ca.pem'), join(cwd, 'cacert.pem'));
  copyFileSync(join(folder, 'mysql/client.pem'), join(cwd, 'client-cert.pem'));
  copyFileSync(join(folder, 'mysql/client-key.pem'), join(cwd, 'client-key.pem'));
  const [plugins] = globSync(join(program.root, 'usr/lib/*/libmariadb3/plugin'));
  return async ([script, verb], contestant, { tls, connections }) => {
    const { stdout } = await execute(
      program.file,
      [
        ...program.args,
        `${script}.lua`,
        verb,
        `--mysql-host=${address}`,
        `--mysql-port=${ports[contestant]}`,
        `--mysql-user=${ACCOUNT.user}`,
        `--mysql-password=${ACCOUNT.password}`,
        `--mysql-ssl=${tls ? 'on' : 'off'}`,
        `--threads=${connections}`,
        `--time=${SECONDS}`,
        ...TABLES,
      ],
      { cwd, env: { NODE_ENV: 'production', ...(plugins ? { MARIADB_PLUGIN_DIR: plugins } : {}) } },
    );
    return stdout;
  };
}

async function measure({ ports }: Contestants, load: Load): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const workload of Object.keys(GOALS) as Workload[]) {
    for (const tls of [true, false]) {
      for (const connections of CONNECTIONS) cells.push({ workload, tls, connections, measures: {} });
    }
  }
  const contestants = Object.keys(ports);
  const end = performance.now() + BUDGET_MS;
  for (let round = 0; round < ROUNDS && (round === 0 || performance.now() < end); round += 1) {
    for (const cell of cells) {
      // Nobody is always first.
      const order = contestants.map((_, index) => contestants[(index + round) % contestants.length]!);
      for (const contestant of order) {
        const text = await load([`oltp_${cell.workload}`, 'run'], contestant, cell);
        (cell.measures[contestant] ??= []).push(parse(text));
      }
    }
  }
  return cells;
}

function parse(text: string): Measure {
  const [, queries] = /queries:\s+\d+\s+\(([\d.]+) per sec/.exec(text) ?? [];
  const [, p95] = /95th percentile:\s+([\d.]+)/.exec(text) ?? [];
  if (!queries || !p95) throw new Error(`sysbench said something else:\n${text}`);
  return { queriesPerSecond: Number(queries), p95Ms: Number(p95) };
}

function print(cells: Cell[]): void {
  const contestants = Object.keys(cells[0]?.measures ?? {});
  say(`Queries a second (of direct) and p95 in ms; medians of ${cells[0]?.measures['direct']?.length} rounds`);
  say(['workload', 'TLS', 'conns', ...contestants, 'flexdeck/haproxy'].map((name, i) => pad(name, i)).join(''));
  let missed = 0;
  for (const { workload, tls, connections, measures } of cells) {
    const figures = contestants.map((name) => {
      const qps = median(measures[name]!.map(({ queriesPerSecond }) => queriesPerSecond));
      const p95 = median(measures[name]!.map(({ p95Ms }) => p95Ms));
      return `${Math.round(qps)} (${ratio(measures, name, 'direct').toFixed(2)}) ${p95.toFixed(2)}`;
    });
    let verdict = '';
    if (measures['haproxy']) {
      const reached = ratio(measures, 'flexdeck', 'haproxy');
      if (reached < GOALS[workload]) missed += 1;
      verdict = `${reached.toFixed(2)} ${reached < GOALS[workload] ? `below ${GOALS[workload]}` : 'ok'}`;
    }
    say(
      [workload, tls ? 'yes' : 'no', String(connections), ...figures, verdict].map((text, i) => pad(text, i)).join(''),
    );
  }
  if (contestants.includes('haproxy')) say(`${cells.length - missed} of ${cells.length} goals reached`);
}

function ratio(measures: Cell['measures'], name: string, base: string): number {
  const bases = measures[base]!;
  return median(
    measures[name]!.map(({ queriesPerSecond }, round) => queriesPerSecond / bases[round]!.queriesPerSecond),
  );
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

function pad(text: string, column: number): string {
  return text.padEnd([14, 5, 7][column] ?? 22);
}
