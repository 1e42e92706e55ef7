import type { ErrorDetail } from '../../arm/error.ts';
import type { RehearsalKind, RehearsalReport, RehearsalSamples } from '../../arm/local/failover-rehearsal.ts';
import type { Database } from './database.ts';

export interface FailoverRehearsalRow {
  /** The id of its operation; its schema and its account are named by it. */
  id: string;
  serverId: string;
  name: string;
  kind: RehearsalKind;
  writers: number;
  state: 'Running' | 'Succeeded' | 'Failed';
  startedAt: number;
  endedAt: number | null;
  /** Its schema and account may be on the server, and the gateway lets its writers in. */
  hasTraces: boolean;
  /** Its writers were started: what they know dies with the daemon. */
  hasWritten: boolean;
  error: ErrorDetail | null;
  report: RehearsalReport | null;
}

const COLUMNS = `id, server_id AS serverId, name, kind, writers, state, started_at AS startedAt, ended_at AS endedAt,
  has_traces AS hasTraces, has_written AS hasWritten, error, report`;

function parse(row: unknown): FailoverRehearsalRow {
  const { hasTraces, hasWritten, error, report, ...rest } = row as Record<string, string | null>;
  return {
    ...rest,
    hasTraces: Number(hasTraces) === 1,
    hasWritten: Number(hasWritten) === 1,
    error: error ? JSON.parse(error) : null,
    report: report ? JSON.parse(report) : null,
  } as unknown as FailoverRehearsalRow;
}

/** Of one server. */
const KEPT = 50;

/** Begins it. The oldest that ended go when there are too many. */
export function insertFailoverRehearsal(
  database: Database,
  rehearsal: Pick<FailoverRehearsalRow, 'id' | 'serverId' | 'name' | 'kind' | 'writers' | 'startedAt'>,
): void {
  const { id, serverId, name, kind, writers, startedAt } = rehearsal;
  database
    .prepare(
      `INSERT INTO failover_rehearsals (id, server_id, name, kind, writers, state, started_at, has_traces, has_written)
       VALUES (?, ?, ?, ?, ?, 'Running', ?, 0, 0)`,
    )
    .run(id, serverId, name, kind, writers, startedAt);
  database
    .prepare(
      `DELETE FROM failover_rehearsals WHERE server_id = ? AND state <> 'Running' AND has_traces = 0 AND id NOT IN
         (SELECT id FROM failover_rehearsals WHERE server_id = ? ORDER BY started_at DESC, rowid DESC LIMIT ?)`,
    )
    .run(serverId, serverId, KEPT);
}

/** Newest first. */
export function listFailoverRehearsals(database: Database, serverId: string): FailoverRehearsalRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM failover_rehearsals WHERE server_id = ? ORDER BY started_at DESC, rowid DESC`)
    .all(serverId)
    .map(parse);
}

export function findFailoverRehearsal(
  database: Database,
  serverId: string,
  name: string,
): FailoverRehearsalRow | undefined {
  const row = database
    .prepare(`SELECT ${COLUMNS} FROM failover_rehearsals WHERE server_id = ? AND name = ?`)
    .get(serverId, name);
  return row && parse(row);
}

/** @throws {Error} when there is none. */
export function readFailoverRehearsal(database: Database, id: string): FailoverRehearsalRow {
  const row = database.prepare(`SELECT ${COLUMNS} FROM failover_rehearsals WHERE id = ?`).get(id);
  if (!row) throw new Error(`There is no failover rehearsal ${id}.`);
  return parse(row);
}

export function readRehearsalSamples(database: Database, id: string): RehearsalSamples | null {
  const row = database.prepare('SELECT samples FROM failover_rehearsals WHERE id = ?').get(id);
  const { samples } = (row ?? {}) as { samples?: string | null };
  return samples ? JSON.parse(samples) : null;
}

/** Those that may have left something on their server. */
export function listRehearsalsWithTraces(database: Database): FailoverRehearsalRow[] {
  return database.prepare(`SELECT ${COLUMNS} FROM failover_rehearsals WHERE has_traces = 1`).all().map(parse);
}

export function setRehearsalTraces(database: Database, id: string, hasTraces: boolean): void {
  database.prepare('UPDATE failover_rehearsals SET has_traces = ? WHERE id = ?').run(hasTraces ? 1 : 0, id);
}

export function setRehearsalWritten(database: Database, id: string): void {
  database.prepare('UPDATE failover_rehearsals SET has_written = 1 WHERE id = ?').run(id);
}

export function setRehearsalReport(
  database: Database,
  id: string,
  { report, samples }: { report: RehearsalReport; samples: RehearsalSamples },
): void {
  database
    .prepare('UPDATE failover_rehearsals SET report = ?, samples = ? WHERE id = ?')
    .run(JSON.stringify(report), JSON.stringify(samples), id);
}

export function endFailoverRehearsal(
  database: Database,
  id: string,
  { state, error, at }: { state: 'Succeeded' | 'Failed'; error: ErrorDetail | null; at: number },
): void {
  database
    .prepare('UPDATE failover_rehearsals SET state = ?, error = ?, ended_at = ? WHERE id = ?')
    .run(state, error && JSON.stringify(error), at, id);
}

export function deleteFailoverRehearsal(database: Database, id: string): void {
  database.prepare('DELETE FROM failover_rehearsals WHERE id = ?').run(id);
}
