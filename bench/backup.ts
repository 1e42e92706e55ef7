/**
 * Backups beside what one does by hand, on one server of a real daemon, alternating, medians:
 *
 *     npm run bench -- backup                 all parts, with 1 GiB of data and 100 MB of log: half an hour
 *     npm run bench -- backup --part copy     full backup and restore to the latest moment, beside CLONE, a copy of the
 *                                             files and a bare replay. Goal: at most 1.3 times as long
 *                             --part dumps    the same, beside mysqldump and mysql, mydumper and myloader. Goal: at
 *                                             least three times as fast
 *                             --part lag      how far the newest moment that can be restored is behind, under load, as
 *                                             the API says it. Goal: p99 at most 100 ms
 *                             --part writes   how much fewer writes are committed while a full backup is taken. Goal: at
 *                                             most 10 %
 *         --mib 64 --log-mib 8 --rounds 1     smaller, for trying
 *         --json                              the figures as JSON, at the end
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { isTerminal } from '../lib/arm/async-operation.ts';
import { FLEXDECK_LOCAL_VERSION } from '../lib/arm/flexdeck-local.ts';
import type { BackupTimeline } from '../lib/arm/local/backup.ts';
import { parseMoment } from '../lib/control-plane/backup/moment.ts';
import { readConfig } from '../lib/control-plane/config.ts';
import { homePaths } from '../lib/control-plane/home.ts';
import { rows, withConnection } from '../lib/control-plane/mysql/client.ts';
import { instancePaths } from '../lib/control-plane/mysql/instance.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { sizeOf } from '../lib/control-plane/operations/world.ts';
import { destroyHome, makeHome, until, type ArmAnswer } from '../lib/control-plane/testing/daemon.ts';
import { PASSWORD, TestServers } from '../lib/control-plane/testing/servers.ts';
import { BareBackups, checksumOf, type Dumper } from './backup-bare.ts';
import { findPrograms } from './gateway-programs.ts';

const PARTS = ['copy', 'dumps', 'lag', 'writes'] as const;
const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    mib: { type: 'string', default: '1024' },
    'log-mib': { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});
const [MIB, LOG_MIB, ROUNDS, SECONDS] = (['mib', 'log-mib', 'rounds', 'seconds'] as const).map((name) =>
  Number(values[name]),
) as [number, number, number, number];
const parts: readonly string[] = values.part?.split(',') ?? PARTS;
if (!parts.every((part) => PARTS.some((known) => known === part))) throw new Error(`--part: ${PARTS.join(', ')}.`);
const wants = (part: (typeof PARTS)[number]) => parts.includes(part);
const SESSIONS = 4;
const LONGEST_MS = 600_000;
const TABLES = 4;

const say = (line: string) => process.stdout.write(`${line}\n`);
const beganAt = performance.now();
const figures: Record<string, number[]> = {};
const note = (name: string, milliseconds: number) => {
  (figures[name] ??= []).push(milliseconds);
  say(`${((performance.now() - beganAt) / 1000).toFixed(0).padStart(4)} s  ${name}: ${seconds(milliseconds)}`);
};
const others: Record<string, unknown> = {};
const goals: Record<string, boolean> = {};
const goal = (name: string, reached: boolean) => {
  goals[name] = reached;
  say(`${reached ? '✓' : '✗'} ${name}`);
};

const home = makeHome();
const servers = new TestServers(home);
try {
  const [runtime] = await prepareRuntimes(readConfig(), say);
  await servers.begin(
    'bench',
    runtime!.source === 'debian' ? { FLEXDECK_RUNTIMES: join(runtime!.basedir, '../..') } : {},
  );
  await finished(
    await servers.daemon.arm('PUT', servers.idOf('source'), {
      location: 'westeurope',
      sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
      properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, storage: { storageSizeGB: 64 } },
    }),
  );
  await servers.admit('source');
  await fill();
  const server = servers.row('source');
  const primary = servers.primary('source');
  const { instanceFolder, runFolder } = homePaths(home);
  const place = instancePaths({ ...primary, folder: instanceFolder(primary.id), runFolder });
  const onSource = <T>(work: Parameters<typeof withConnection<T>>[1]) => withConnection(place.socket, work);

  if (wants('copy') || wants('dumps')) {
    const bare = new BareBackups({
      home,
      runtime: runtime!,
      size: sizeOf(server.intent),
      source: { ...place, host: server.address, port: server.port! },
      database: 'bench',
    });
    const dumpers: [string, string, Dumper][] = wants('dumps') ? [['mysqldump', 'mysql', 'mysqldump']] : [];
    if (wants('dumps')) {
      const folder = join(readConfig().home, 'bench-programs');
      const { mydumper, myloader } = await findPrograms(folder, say, ['mydumper', 'myloader']);
      if (typeof mydumper === 'object' && typeof myloader === 'object') {
        dumpers.push(['mydumper', 'myloader', { dumper: mydumper, loader: myloader }]);
      } else say(`No mydumper beside it: ${mydumper as string}`);
    }
    try {
      // What is written from here on is what is replayed: after all backups.
      await servers.query('source', 'FLUSH BINARY LOGS');
      const [log] = await onSource((own) => rows<{ File: string }>(own, 'SHOW BINARY LOG STATUS'));
      for (let round = 1; round <= ROUNDS; round++) {
        note('full backup', await timed(() => backUp(`round-${round}`)));
        say(`        of which ${stepsOf('back-up-server')}`);
        if (wants('copy')) note('CLONE', await bare.copyFiles());
      }
      for (const [name, , how] of dumpers) note(name, await bare.dump(how));
      await churn(log!.File);
      const { bytes } = await bare.fetchLogs(log!.File);
      say(`${(bytes / 1024 ** 2).toFixed(0)} MiB of log to replay`);
      const wanted = await onSource((own) => checksumOf(own, 'bench'));
      // What was written is still on its way to the disk, in the background.
      await delay(5000);
      for (let round = 1; round <= ROUNDS; round++) {
        const name = `restored${round}`;
        note('restore', await timed(() => restore(name)));
        say(`        of which ${stepsOf('restore-server')}`);
        const { id, mysqlServerId } = servers.primary(name);
        const { socket } = instancePaths({ id, mysqlServerId, folder: instanceFolder(id), runFolder });
        requireSame(await withConnection(socket, (own) => checksumOf(own, 'bench')), wanted);
        await finished(await servers.daemon.arm('DELETE', servers.idOf(name)));
        if (!wants('copy')) continue;
        note('copy and replay', await bare.restoreFiles());
        requireSame(await bare.on((own) => checksumOf(own, 'bench')), wanted);
        await bare.end();
      }
      for (const [, name, how] of dumpers) {
        note(name, await bare.load(how));
        // Those of this version of mydumper say no position of this MySQL to go on from.
        if (how !== 'mysqldump') continue;
        note('mysqlbinlog | mysql', await bare.replayLogs());
        requireSame(await bare.on((own) => checksumOf(own, 'bench')), wanted);
      }
    } finally {
      await bare.end();
    }
  }
  if (wants('lag')) await measureLag();
  if (wants('writes')) await measureWrites();
} finally {
  await destroyHome(home);
}

report();

function report(): void {
  say('');
  for (const [name, all] of Object.entries(figures)) {
    say(`${name.padEnd(20)} ${seconds(median(all))}  (${all.map(seconds).join(', ')})`);
  }
  const sum = (...names: string[]) => names.reduce((total, name) => total + median(figures[name] ?? []), 0);
  if (figures['restore']) {
    const ours = sum('full backup', 'restore');
    if (figures['CLONE']) {
      const ratio = ours / sum('CLONE', 'copy and replay');
      goal(`backup and restore ${ratio.toFixed(2)} × copying the files and a bare replay (at most 1.3)`, ratio <= 1.3);
    }
    for (const names of [['mysqldump', 'mysql'] as const, ['mydumper', 'myloader'] as const]) {
      if (!figures[names[0]]) continue;
      const alone = sum(...names) / ours;
      const all = sum(...names, 'mysqlbinlog | mysql') / ours;
      const words = `${names.join(' and ')}: ours with its log is ${alone.toFixed(1)} × as fast as they without`;
      goal(`${words}, ${all.toFixed(1)} × as with the log (at least 3)`, all >= 3);
    }
  }
  if (values.json) say(JSON.stringify({ backup: { mib: MIB, logMib: LOG_MIB, figures, others, goals } }));
}

/** Tables as wide as those of usual benches, of bytes that compress to a half. */
async function fill(): Promise<void> {
  const connection = await servers.connect('source');
  await connection.query('CREATE DATABASE bench');
  await connection.query('CREATE TABLE bench.busy (id BIGINT PRIMARY KEY, times INT, text VARCHAR(200))');
  await connection.query('CREATE TABLE bench.seed (n INT PRIMARY KEY)');
  await connection.query(
    `INSERT INTO bench.seed WITH RECURSIVE r AS (SELECT 0 i UNION ALL SELECT i + 1 FROM r WHERE i < 199)
       SELECT a.i * 100 + b.i FROM r a, r b WHERE b.i < 100`,
  );
  const row = 'FLOOR(RAND() * 1e6), CONCAT(SHA2(RAND(), 256), LEFT(SHA2(RAND(), 256), 40)), SHA2(RAND(), 256)';
  await Promise.all(
    Array.from({ length: TABLES }, async (_, index) => {
      const table = `bench.rows_${index}`;
      const own = await servers.connect('source');
      await own.query(
        `CREATE TABLE ${table} (id BIGINT AUTO_INCREMENT PRIMARY KEY, k INT, c CHAR(120), pad CHAR(64), KEY (k))`,
      );
      for (;;) {
        await own.query(`INSERT INTO ${table} (k, c, pad) SELECT ${row} FROM bench.seed`);
        const [found] = await own.query<RowDataPacket[]>(
          'SELECT file_size AS bytes FROM information_schema.innodb_tablespaces WHERE name = ?',
          [table.replace('.', '/')],
        );
        if (Number(found[0]!['bytes']) >= (MIB / TABLES) * 1024 ** 2) break;
      }
      own.destroy();
    }),
  );
  const values = Array.from({ length: 5 }, () => `(${row})`).join(', ');
  await connection.query(`CREATE PROCEDURE bench.churn(times INT, most BIGINT) BEGIN
      DECLARE one BIGINT;
      WHILE times > 0 DO
        SET one = FLOOR(RAND() * most);
        START TRANSACTION;
        INSERT INTO bench.rows_0 (k, c, pad) VALUES ${values};
        UPDATE bench.rows_1 SET k = k + 1, pad = SHA2(RAND(), 256) WHERE id = one;
        UPDATE bench.rows_2 SET c = SHA2(RAND(), 256) WHERE id = one;
        DELETE FROM bench.rows_3 WHERE id = one;
        COMMIT;
        SET times = times - 1;
      END WHILE;
    END`);
  connection.destroy();
  say(`${((performance.now() - beganAt) / 1000).toFixed(0).padStart(4)} s  ${MIB} MiB of data are there`);
}

/** Short transactions until there is enough log. @param from the file that it begins with. */
async function churn(from: string): Promise<void> {
  const enough = async () => {
    const logs = (await servers.query('source', 'SHOW BINARY LOGS')) as { Log_name: string; File_size: number }[];
    const bytes = logs.filter((log) => log.Log_name >= from).reduce((sum, log) => sum + Number(log.File_size), 0);
    return bytes >= LOG_MIB * 1024 ** 2;
  };
  await Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      const own = await servers.connect('source');
      const [found] = await own.query<RowDataPacket[]>('SELECT MAX(id) AS most FROM bench.rows_1');
      do await own.query('CALL bench.churn(250, ?)', [found[0]!['most']]);
      while (!(await enough()));
      own.destroy();
    }),
  );
}

async function backUp(name: string): Promise<void> {
  const { status, body } = await servers.daemon.arm('PUT', `${servers.idOf('source')}/backups/${name}`);
  if (status !== 200) throw new Error(`No backup: ${JSON.stringify(body)}`);
}

async function restore(name: string): Promise<void> {
  const properties = { createMode: 'PointInTimeRestore', sourceServerResourceId: servers.idOf('source') };
  await finished(await servers.daemon.arm('PUT', servers.idOf(name), { location: 'westeurope', properties }));
}

/** The operation's end, however long it takes. */
async function finished(answer: ArmAnswer): Promise<void> {
  if (answer.status !== 202) throw new Error(`Not accepted: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { pathname, search } = new URL(answer.headers['azure-asyncoperation'] as string);
  const operation = await until(LONGEST_MS, async () => {
    const { body } = await servers.daemon.arm('GET', pathname + search);
    return isTerminal(body.status) ? body : undefined;
  });
  if (operation.status !== 'Succeeded') throw new Error(`Not succeeded: ${JSON.stringify(operation)}`);
}

/** Where the time of the newest operation of that kind went: what took a tenth of a second or more. */
function stepsOf(kind: string): string {
  return newestSteps(kind)
    .map(({ step, from, to }) => `${step} ${seconds(to - from)}`)
    .join(', ');
}

/** Those that took a tenth of a second or more; milliseconds since 1970. */
function newestSteps(kind: string): { step: string; from: number; to: number }[] {
  return servers.read((database) => {
    const [operation] = database
      .prepare('SELECT id, started_at AS at FROM operations WHERE kind = ? ORDER BY sequence DESC LIMIT 1')
      .all(kind) as { id: string; at: number }[];
    const steps = database
      .prepare(`SELECT step, at AS "to" FROM operation_steps WHERE operation_id = ? AND state = 'done' ORDER BY at`)
      .all(operation!.id) as { step: string; to: number }[];
    return steps
      .map(({ step, to }, index) => ({ step, from: steps[index - 1]?.to ?? operation!.at, to }))
      .filter(({ from, to }) => to - from >= 100);
  });
}

function requireSame(got: string, wanted: string): void {
  if (got !== wanted) throw new Error(`Something else came back: ${got}, not ${wanted}`);
}

interface Load {
  /** Transactions per second between two moments, milliseconds since 1970. */
  rate(from: number, to: number): number;
  stop(): Promise<void>;
}

/** Short transactions, as fast as they are answered. */
async function startLoad(): Promise<Load> {
  await servers.query('source', 'TRUNCATE bench.busy');
  const { address, port } = servers.row('source');
  const file = fileURLToPath(new URL('backup-load.ts', import.meta.url));
  const child = spawn(process.execPath, [file, address, String(port), String(SESSIONS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const told: { at: number; committed: number }[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const [at, committed] = line.split(' ').map(Number) as [number, number];
    told.push({ at, committed });
  });
  await until(LONGEST_MS, () => {
    if (child.exitCode !== null) throw new Error('The writers ended.');
    return told.some(({ committed }) => committed > 0) || undefined;
  });
  await delay(2000);
  return {
    rate(from, to) {
      const within = told.filter(({ at }) => at > from && at <= to);
      return (within.reduce((sum, { committed }) => sum + committed, 0) / (to - from)) * 1000;
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function measureLag(): Promise<void> {
  const load = await startLoad();
  const path = `${servers.idOf('source')}/providers/Flexdeck.Local/backupTimeline?api-version=${FLEXDECK_LOCAL_VERSION}`;
  const lags: number[] = [];
  const from = Date.now();
  while (Date.now() - from < SECONDS * 1000) {
    const { body } = await servers.daemon.arm('GET', `${path}&from=${new Date().toISOString()}`);
    const { newestRestorePoint } = (body as BackupTimeline).properties;
    // With the answer in hand, what has been committed meanwhile is counted against it.
    lags.push(Date.now() - parseMoment(newestRestorePoint!)! / 1000);
    await delay(50);
  }
  const rate = load.rate(from, Date.now());
  await load.stop();
  const sorted = lags.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  say(
    `newest restorable moment behind, ${lags.length} looks at ${rate.toFixed(0)} transactions/s: p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)}, p99 ${at(0.99).toFixed(1)}, most ${at(1).toFixed(1)}`,
  );
  others['lag'] = { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1), transactionsPerSecond: rate };
  goal(`p99 ${at(0.99).toFixed(0)} ms behind (at most 100)`, at(0.99) <= 100);
}

async function measureWrites(): Promise<void> {
  const load = await startLoad();
  const slower: number[] = [];
  const quiet = async () => {
    const from = Date.now();
    await delay(8000);
    return load.rate(from, Date.now());
  };
  let before = await quiet();
  for (let round = 1; round <= ROUNDS; round++) {
    const from = Date.now();
    await backUp(`writes-${round}`);
    const to = Date.now();
    // Its last line is on the way still.
    await delay(200);
    const during = load.rate(from, to);
    const parts = newestSteps('back-up-server').map(({ step, from: began, to: ended }) => {
      return `${step} ${seconds(ended - began)} at ${load.rate(began, ended).toFixed(0)}`;
    });
    const after = await quiet();
    slower.push(1 - during / ((before + after) / 2));
    say(
      `backup of ${seconds(to - from)}: ${during.toFixed(0)} transactions/s; before ${before.toFixed(0)}, after ${after.toFixed(0)}; ${parts.join(', ')}`,
    );
    before = after;
  }
  await load.stop();
  const share = median(slower);
  others['writes slower'] = slower;
  goal(`writes ${(share * 100).toFixed(0)} % slower during a backup (at most 10)`, share <= 0.1);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
