import type { StatementCounters } from '../mysql/statement-statistics.ts';
import { transaction, type Database } from './database.ts';
import { findNumber, numberOf } from './sample-names.ts';

/**
 * What statements cost, in samples.db: by the minute for a day, by the hour for 30 days. Each time has its slowest by
 * name and all others as statement 0, so that a server's month is bounded whatever it runs.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const MINUTES_KEPT_MS = 24 * HOUR;
export const HOURS_KEPT_MS = 30 * 24 * HOUR;
const KEPT_BY_HOUR = 100;
/** Up to here a time span is answered by the minute. */
const FINE_SPAN_MS = 6 * HOUR;
const REST = 0;

const COLUMNS = {
  count: 'count',
  time: 'time',
  lockTime: 'lock_time',
  errors: 'errors',
  rowsSent: 'rows_sent',
  rowsExamined: 'rows_examined',
  rowsAffected: 'rows_affected',
  noIndex: 'no_index',
  diskTables: 'disk_tables',
} as const satisfies Record<keyof StatementCounters, string>;
const NAMES = Object.keys(COLUMNS) as (keyof StatementCounters)[];
const DECLARED = Object.values(COLUMNS)
  .map((column) => `${column} INTEGER NOT NULL`)
  .join(', ');
const SUMS = Object.values(COLUMNS)
  .map((column) => `sum(${column}) AS ${column}`)
  .join(', ');

export const STATEMENTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS statements (
    id INTEGER PRIMARY KEY,
    server INTEGER NOT NULL,
    schema TEXT NOT NULL,             -- the default database
    digest TEXT NOT NULL,
    text TEXT NOT NULL,               -- with ? for values
    UNIQUE (server, digest, schema)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS statement_minutes (
    server INTEGER NOT NULL,
    at INTEGER NOT NULL,              -- minutes since 1970
    statement INTEGER NOT NULL,       -- 0: all that are not there by name
    ${DECLARED},
    PRIMARY KEY (server, at, statement)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS statement_hours (
    server INTEGER NOT NULL,
    at INTEGER NOT NULL,              -- hours since 1970
    statement INTEGER NOT NULL,
    ${DECLARED},
    PRIMARY KEY (server, at, statement)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS wait_minutes (
    server INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    time INTEGER NOT NULL,            -- microseconds
    PRIMARY KEY (server, at, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS wait_hours (
    server INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (server, at, kind)
  ) STRICT, WITHOUT ROWID;
`;

export interface KeptStatement {
  /** Null: all that are not kept by name. */
  statement: { digest: string; schema: string; text: string } | null;
  counters: StatementCounters;
}

/** Keeps one minute; one that is there already stays as it is. @param minute its beginning. */
export function appendStatements(
  database: Database,
  serverId: string,
  minute: number,
  {
    statements,
    waits,
  }: { statements: readonly KeptStatement[]; waits: readonly { kind: string; count: number; time: number }[] },
): void {
  const at = Math.floor(minute / MINUTE);
  const server = numberOf(database, serverId);
  transaction(database, () => {
    const name = database.prepare(
      `INSERT INTO statements (server, schema, digest, text) VALUES (?, ?, ?, ?)
       ON CONFLICT (server, digest, schema) DO UPDATE SET text = text RETURNING id`,
    );
    const write = database.prepare(
      `INSERT OR IGNORE INTO statement_minutes VALUES (?, ?, ?${', ?'.repeat(NAMES.length)})`,
    );
    for (const { statement, counters } of statements) {
      const id = statement
        ? (name.get(server, statement.schema, statement.digest, statement.text) as { id: number }).id
        : REST;
      write.run(server, at, id, ...NAMES.map((column) => counters[column]));
    }
    const wait = database.prepare('INSERT OR IGNORE INTO wait_minutes VALUES (?, ?, ?, ?, ?)');
    for (const { kind, count, time } of waits) wait.run(server, at, kind, count, time);
  });
}

/**
 * Sums up the oldest hour, of those that ended before `before`, that has minutes and is not summed up yet. Call it again
 * until there is none.
 */
export function packNextStatementHour(database: Database, before: number): boolean {
  const due = nextHour(database, Math.floor(before / HOUR) * 60);
  if (!due) return false;
  const { server, hour } = due;
  const span = [server, hour * 60, hour * 60 + 59];
  transaction(database, () => {
    database
      .prepare(
        `INSERT INTO statement_hours
         WITH sums AS (SELECT statement, ${SUMS} FROM statement_minutes WHERE server = ? AND at BETWEEN ? AND ? GROUP BY statement),
              ranked AS (SELECT *, row_number() OVER (ORDER BY statement = ${REST}, time DESC) AS place FROM sums)
         SELECT ?, ?, iif(place > ${KEPT_BY_HOUR}, ${REST}, statement) AS kept, ${SUMS} FROM ranked GROUP BY kept`,
      )
      .run(...span, server, hour);
    database
      .prepare(
        `INSERT INTO wait_hours SELECT server, ?, kind, sum(count), sum(time) FROM wait_minutes
         WHERE server = ? AND at BETWEEN ? AND ? GROUP BY kind`,
      )
      .run(hour, ...span);
  });
  return true;
}

/** Asked every minute, so it looks at the ends of each server's rows alone. */
function nextHour(database: Database, beforeMinute: number): { server: number; hour: number } | undefined {
  const servers = database.prepare('SELECT DISTINCT server FROM statements').all() as { server: number }[];
  const packed = database.prepare('SELECT max(at) AS hour FROM statement_hours WHERE server = ?');
  const oldest = database.prepare(
    'SELECT min(at) AS at FROM statement_minutes WHERE server = ? AND at >= ? AND at < ?',
  );
  for (const { server } of servers) {
    const { hour } = packed.get(server) as { hour: number | null };
    const { at } = oldest.get(server, ((hour ?? -1) + 1) * 60, beforeMinute) as { at: number | null };
    if (at !== null) return { server, hour: Math.floor(at / 60) };
  }
  return undefined;
}

/** Forgets what is older than it is kept for. */
export function pruneStatements(database: Database, now: number): void {
  const minutes = Math.floor((now - MINUTES_KEPT_MS) / MINUTE);
  const hours = Math.floor((now - HOURS_KEPT_MS) / HOUR);
  for (const table of ['statement', 'wait']) {
    database.prepare(`DELETE FROM ${table}_minutes WHERE at < ?`).run(minutes);
    database.prepare(`DELETE FROM ${table}_hours WHERE at < ?`).run(hours);
  }
  database.exec(
    `DELETE FROM statements WHERE id NOT IN (SELECT statement FROM statement_minutes UNION SELECT statement FROM statement_hours)`,
  );
}

export interface StatementSpan {
  serverId: string;
  /** Milliseconds since 1970; whole steps are taken that begin in it. */
  from: number;
  to: number;
}

/** Minutes for short spans; for long ones hours, and the minutes of the hour that is not over. */
function stepsOf(span: StatementSpan): { stepMs: number } {
  return { stepMs: span.to - span.from <= FINE_SPAN_MS ? MINUTE : HOUR };
}

/** Rows of the span with `step` (the number of the step) in place of `at`. Parameters: server, from, to. */
function source(database: Database, kind: 'statement' | 'wait', span: StatementSpan) {
  // Of one that nothing was kept of there are no rows.
  const server = findNumber(database, span.serverId) ?? -1;
  const { stepMs } = stepsOf(span);
  const [fromMinute, toMinute] = [Math.floor(span.from / MINUTE), Math.ceil(span.to / MINUTE)];
  if (stepMs === MINUTE) {
    return {
      sql: `SELECT *, at AS step FROM ${kind}_minutes WHERE server = ? AND at >= ? AND at < ?`,
      values: [server, fromMinute, toMinute],
    };
  }
  const { hour } = database.prepare(`SELECT max(at) AS hour FROM ${kind}_hours WHERE server = ?`).get(server) as {
    hour: number | null;
  };
  return {
    sql: `SELECT *, at AS step FROM ${kind}_hours WHERE server = ? AND at >= ? AND at < ?
          UNION ALL SELECT *, at / 60 AS step FROM ${kind}_minutes WHERE server = ? AND at >= ? AND at < ?`,
    values: [
      server,
      Math.floor(span.from / HOUR),
      Math.ceil(span.to / HOUR),
      server,
      Math.max(Math.floor(span.from / HOUR) * 60, ((hour ?? -1) + 1) * 60),
      toMinute,
    ],
  };
}

export interface StatementSum {
  /** 0: all that are not there by name. */
  id: number;
  schema: string;
  digest: string;
  text: string;
  counters: StatementCounters;
}

type Row = Record<string, number>;

function countersOf(row: Row): StatementCounters {
  return Object.fromEntries(NAMES.map((name) => [name, row[COLUMNS[name]] ?? 0])) as unknown as StatementCounters;
}

/** What each statement cost in a time span. */
export function readStatementSums(database: Database, span: StatementSpan): StatementSum[] {
  const { sql, values } = source(database, 'statement', span);
  const found = database
    .prepare(
      `SELECT sums.*, ifnull(schema, '') AS schema, ifnull(digest, '') AS digest, ifnull(text, '') AS text
       FROM (SELECT statement, ${SUMS} FROM (${sql}) GROUP BY statement) AS sums
       LEFT JOIN statements ON statements.id = sums.statement`,
    )
    .all(...values) as unknown as (Row & { schema: string; digest: string; text: string })[];
  return found.map((row) => ({
    id: row['statement']!,
    schema: String(row.schema),
    digest: String(row.digest),
    text: String(row.text),
    counters: countersOf(row),
  }));
}

/** How one statement, or all of them, went by steps of a minute or an hour. A step without any run is left out. */
export function readStatementTrend(
  database: Database,
  span: StatementSpan,
  statement?: number,
): { stepMs: number; points: { at: number; counters: StatementCounters }[] } {
  const { stepMs } = stepsOf(span);
  const { sql, values } = source(database, 'statement', span);
  const found = database
    .prepare(
      `SELECT step, ${SUMS} FROM (${sql}) WHERE ?${values.length + 1} IS NULL OR statement = ?${values.length + 1}
       GROUP BY step ORDER BY step`,
    )
    .all(...values, statement ?? null) as unknown as Row[];
  return { stepMs, points: found.map((row) => ({ at: row['step']! * stepMs, counters: countersOf(row) })) };
}

/** What sessions waited for in a time span, the longest first. */
export function readWaitSums(database: Database, span: StatementSpan): { kind: string; count: number; time: number }[] {
  const { sql, values } = source(database, 'wait', span);
  return database
    .prepare(`SELECT kind, sum(count) AS count, sum(time) AS time FROM (${sql}) GROUP BY kind ORDER BY 3 DESC`)
    .all(...values) as { kind: string; count: number; time: number }[];
}

/** One statement of a server by its number. */
export function findStatement(
  database: Database,
  serverId: string,
  id: number,
): { id: number; schema: string; digest: string; text: string } | undefined {
  return database
    .prepare('SELECT id, schema, digest, text FROM statements WHERE server = ? AND id = ?')
    .get(findNumber(database, serverId) ?? -1, id) as
    { id: number; schema: string; digest: string; text: string } | undefined;
}

/** What statements cost in a time span: each, together by time, and what was waited for. */
export interface StatementHistory {
  sums: StatementSum[];
  trend: ReturnType<typeof readStatementTrend>;
  waits: ReturnType<typeof readWaitSums>;
}

/** @param statement whose trend is wanted; without, that of all. */
export function readStatementHistory(database: Database, span: StatementSpan, statement?: number): StatementHistory {
  return {
    sums: readStatementSums(database, span),
    trend: readStatementTrend(database, span, statement),
    waits: readWaitSums(database, span),
  };
}
