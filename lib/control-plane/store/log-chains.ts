import type { Database } from './database.ts';

/** An unbroken stretch of a server's archived log. Moments are microseconds since 1970. */
export interface LogChainRow {
  id: string;
  serverId: string;
  startedAt: number;
  /** A GTID set. */
  startGtids: string;
  coveredUntil: number;
  /** Null while it goes on. */
  endedAt: number | null;
  /** A sentence for people. */
  endReason: string | null;
}

const COLUMNS = `id, server_id AS serverId, started_at AS startedAt, start_gtids AS startGtids,
  covered_until AS coveredUntil, ended_at AS endedAt, end_reason AS endReason`;

/** Oldest first. */
export function listLogChains(database: Database, serverId: string): LogChainRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM log_chains WHERE server_id = ? ORDER BY started_at, rowid`)
    .all(serverId) as unknown as LogChainRow[];
}

/** The one that goes on. */
export function findOpenChain(database: Database, serverId: string): LogChainRow | undefined {
  return database
    .prepare(`SELECT ${COLUMNS} FROM log_chains WHERE server_id = ? AND ended_at IS NULL`)
    .get(serverId) as unknown as LogChainRow | undefined;
}

export function insertLogChain(
  database: Database,
  chain: Pick<LogChainRow, 'id' | 'serverId' | 'startedAt' | 'startGtids'>,
): void {
  database
    .prepare('INSERT INTO log_chains (id, server_id, started_at, start_gtids, covered_until) VALUES (?, ?, ?, ?, ?)')
    .run(chain.id, chain.serverId, chain.startedAt, chain.startGtids, chain.startedAt);
}

/** Never goes back. */
export function setCovered(database: Database, id: string, moment: number): void {
  database
    .prepare('UPDATE log_chains SET covered_until = max(covered_until, ?) WHERE id = ? AND ended_at IS NULL')
    .run(moment, id);
}

/** Nothing follows it: its end is what it covers. */
export function endLogChain(database: Database, id: string, reason: string): void {
  database
    .prepare('UPDATE log_chains SET ended_at = covered_until, end_reason = ? WHERE id = ? AND ended_at IS NULL')
    .run(reason, id);
}

export function deleteLogChain(database: Database, id: string): void {
  database.prepare('DELETE FROM log_chains WHERE id = ?').run(id);
}
