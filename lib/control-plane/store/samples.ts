import { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT_MS, transaction, type Database } from './database.ts';
import { findNumber, numberOf } from './sample-names.ts';
import { STATEMENTS_SCHEMA } from './statements.ts';
import { decodeHour, encodeHour, type MinuteSample } from './sample-hour.ts';

/**
 * samples.db: what was measured, a sample for every server, metric and minute. The minutes of the hour that runs are
 * rows; an hour that is over is one row for each metric, its minutes packed and its sums beside them. So thirty days of a
 * metric are 720 rows, and reading them by the hour unpacks nothing.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Azure Database for MySQL keeps metrics for 30 days. */
export const SAMPLES_KEPT_MS = 30 * 24 * HOUR;

const SCHEMA = `
  -- Servers and metrics by small numbers, since each is named a million times.
  CREATE TABLE IF NOT EXISTS names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE IF NOT EXISTS minutes (
    server INTEGER NOT NULL,
    minute INTEGER NOT NULL,          -- minutes since 1970
    metric INTEGER NOT NULL,
    minimum REAL NOT NULL,
    maximum REAL NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (server, minute, metric)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS hours (
    server INTEGER NOT NULL,
    metric INTEGER NOT NULL,
    hour INTEGER NOT NULL,            -- hours since 1970
    minimum REAL NOT NULL,
    maximum REAL NOT NULL,
    total REAL NOT NULL,
    count INTEGER NOT NULL,
    samples BLOB NOT NULL,            -- sample-hour.ts
    PRIMARY KEY (server, metric, hour)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS hours_by_age ON hours (hour);
`;

const FORMAT = 1;

/**
 * Opens samples.db. After a loss of power its last moments may be missing (synchronous NORMAL), never its sense.
 *
 * @param path a file, or `:memory:` in tests.
 * @throws {Error} when a newer Flexdeck wrote it.
 */
export function openSamplesDatabase(path: string): Database {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (format > FORMAT)
    throw new Error(`samples.db was written by a newer Flexdeck (format ${format}). Update Flexdeck.`);
  database.exec(SCHEMA);
  database.exec(STATEMENTS_SCHEMA);
  database.exec(`PRAGMA user_version = ${FORMAT}`);
  return database;
}

/** For a thread that only reads, beside the one that writes. */
export function openSamplesReader(path: string): Database {
  return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/**
 * Keeps one minute of a server. A minute that is there already stays as it is, and so does an hour that was packed: a
 * clock that was set back must not write over what was.
 *
 * @param minute its beginning, milliseconds since 1970.
 */
export function appendMinute(
  database: Database,
  serverId: string,
  minute: number,
  samples: ReadonlyMap<string, MinuteSample>,
): void {
  const server = numberOf(database, serverId);
  const rows = [...samples].map(([metric, sample]) => ({ metric: numberOf(database, metric), ...sample }));
  const [first] = rows;
  if (!first) return;
  transaction(database, () => {
    const packed = database
      .prepare('SELECT 1 FROM hours WHERE server = ? AND metric = ? AND hour = ?')
      .get(server, first.metric, Math.floor(minute / HOUR));
    if (packed) return;
    const insert = database.prepare('INSERT OR IGNORE INTO minutes VALUES (?, ?, ?, ?, ?, ?)');
    for (const { metric, minimum, maximum, value } of rows) {
      insert.run(server, Math.floor(minute / MINUTE), metric, minimum, maximum, value);
    }
  });
}

/**
 * Packs one hour of one server, of those that ended before `before`. Call it again until there is none: each takes a
 * few milliseconds, and the daemon has other things to do between them.
 *
 * @returns whether there was one.
 */
export function packNextHour(database: Database, before: number): boolean {
  const due = database
    .prepare('SELECT server, minute / 60 AS hour FROM minutes WHERE minute < ? ORDER BY server, minute LIMIT 1')
    .get(Math.floor(before / HOUR) * 60) as { server: number; hour: number } | undefined;
  if (due) packHour(database, due.server, due.hour);
  return due !== undefined;
}

interface MinuteRow extends MinuteSample {
  metric: number;
  minute: number;
}

function packHour(database: Database, server: number, hour: number): void {
  transaction(database, () => {
    const rows = database
      .prepare(
        'SELECT metric, minute, minimum, maximum, value FROM minutes WHERE server = ? AND minute BETWEEN ? AND ?',
      )
      .all(server, hour * 60, hour * 60 + 59) as unknown as MinuteRow[];
    const byMetric = Map.groupBy(rows, ({ metric }) => metric);
    const write = database.prepare('INSERT INTO hours VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (const [metric, minutes] of byMetric) {
      const samples: (MinuteSample | undefined)[] = Array.from({ length: 60 });
      for (const { minute, minimum, maximum, value } of minutes) samples[minute % 60] = { minimum, maximum, value };
      const present = samples.filter((sample) => sample !== undefined);
      write.run(
        server,
        metric,
        hour,
        Math.min(...present.map(({ minimum }) => minimum)),
        Math.max(...present.map(({ maximum }) => maximum)),
        present.reduce((sum, { value }) => sum + value, 0),
        present.length,
        encodeHour(samples),
      );
    }
    database
      .prepare('DELETE FROM minutes WHERE server = ? AND minute BETWEEN ? AND ?')
      .run(server, hour * 60, hour * 60 + 59);
  });
}

/** Forgets what is older than it is kept for. @returns how many hours of a metric. */
export function pruneSamples(database: Database, before: number): number {
  database.prepare('DELETE FROM minutes WHERE minute < ?').run(Math.floor(before / MINUTE));
  return Number(database.prepare('DELETE FROM hours WHERE hour < ?').run(Math.floor(before / HOUR)).changes);
}

/** What a metric was in each step of a time span. A step without a sample has `count` 0, and then nothing else holds. */
export interface Series {
  minimum: Float64Array;
  maximum: Float64Array;
  total: Float64Array;
  /** Minutes that had a sample. */
  count: Uint32Array;
}

export interface SeriesQuery {
  serverId: string;
  metric: string;
  /** The first step's beginning, a whole minute. */
  from: number;
  /** Length of a step, whole minutes. */
  stepMs: number;
  steps: number;
}

/** One metric of one server by steps, from packed hours and the minutes since. */
export function readSeries(database: Database, query: SeriesQuery): Series {
  const { from, stepMs, steps } = query;
  const series: Series = {
    minimum: new Float64Array(steps),
    maximum: new Float64Array(steps),
    total: new Float64Array(steps),
    count: new Uint32Array(steps),
  };
  const add = (at: number, total: number, minimum: number, maximum: number, count: number): void => {
    const step = Math.floor((at - from) / stepMs);
    if (step < 0 || step >= steps) return;
    const first = series.count[step] === 0;
    series.minimum[step] = first ? minimum : Math.min(series.minimum[step]!, minimum);
    series.maximum[step] = first ? maximum : Math.max(series.maximum[step]!, maximum);
    series.total[step]! += total;
    series.count[step]! += count;
  };
  const server = findNumber(database, query.serverId);
  const metric = findNumber(database, query.metric);
  if (server === undefined || metric === undefined) return series;
  const to = from + steps * stepMs;
  const hours = [server, metric, Math.floor(from / HOUR), Math.ceil(to / HOUR)];
  // Steps of whole hours that begin with one need no minute.
  if (from % HOUR === 0 && stepMs % HOUR === 0) {
    const rows = database
      .prepare(
        'SELECT hour, minimum, maximum, total, count FROM hours WHERE server = ? AND metric = ? AND hour >= ? AND hour < ?',
      )
      .all(...hours) as { hour: number; minimum: number; maximum: number; total: number; count: number }[];
    for (const { hour, minimum, maximum, total, count } of rows) add(hour * HOUR, total, minimum, maximum, count);
  } else {
    const rows = database
      .prepare('SELECT hour, samples FROM hours WHERE server = ? AND metric = ? AND hour >= ? AND hour < ?')
      .all(...hours) as { hour: number; samples: Uint8Array }[];
    for (const { hour, samples } of rows) {
      decodeHour(samples, (minute, value, minimum, maximum) =>
        add(hour * HOUR + minute * MINUTE, value, minimum, maximum, 1),
      );
    }
  }
  const minutes = database
    .prepare(
      `SELECT minute, minimum, maximum, value FROM minutes
       WHERE server = ? AND minute >= ? AND minute < ? AND metric = ?`,
    )
    .all(server, Math.floor(from / MINUTE), Math.ceil(to / MINUTE), metric) as unknown as Omit<MinuteRow, 'metric'>[];
  for (const { minute, value, minimum, maximum } of minutes) add(minute * MINUTE, value, minimum, maximum, 1);
  return series;
}

/** All metrics of a server's newest minute since `from`; undefined when there is none. */
export function readNewestMinute(
  database: Database,
  serverId: string,
  from: number,
): { minute: number; samples: Map<string, MinuteSample> } | undefined {
  const rows = database
    .prepare(
      `SELECT minute, metrics.name AS metric, minimum, maximum, value FROM minutes
       JOIN names AS metrics ON metrics.id = metric
       WHERE server = (SELECT id FROM names WHERE name = ?1)
         AND minute = (SELECT max(minute) FROM minutes WHERE server = (SELECT id FROM names WHERE name = ?1))
         AND minute >= ?2`,
    )
    .all(serverId, Math.floor(from / MINUTE)) as unknown as (MinuteSample & { minute: number; metric: string })[];
  const [first] = rows;
  if (!first) return undefined;
  const samples = rows.map(({ metric, minimum, maximum, value }) => [metric, { minimum, maximum, value }] as const);
  return { minute: first.minute * MINUTE, samples: new Map(samples) };
}
