import type { Database } from './database.ts';

/** One file of an archived log: whole transactions, in their order. Moments are microseconds since 1970. */
export interface LogSegmentRow {
  /** Its file is named by it. */
  id: string;
  serverId: string;
  chainId: string;
  /** Order in the server. */
  sequence: number;
  state: 'open' | 'closed' | 'damaged';
  /** All that was archived, or executed before the archive began, before its first transaction. */
  gtidsBefore: string;
  /** With its own; null while it is open. */
  gtidsAfter: string | null;
  /** Of the last transaction before it, or where its chain begins. */
  previousMoment: number;
  /** Null: no transaction yet. */
  firstMoment: number | null;
  lastMoment: number | null;
  transactions: number;
  /** Up to the end of the last transaction that counts; what follows in the file does not. */
  plainBytes: number;
  storedBytes: number;
  /** Of the file, hexadecimal; null while it is open. */
  sha256: string | null;
  /** Whose binary log it is, and where its last transaction begins in that. */
  instanceId: string;
  sourceFile: string;
  sourcePosition: number;
  /** Which that is: `gtid@microsecond of its commit`. */
  lastTransaction: string | null;
  /** What is wrong with its file, a sentence. */
  problem: string | null;
  geoCopiedAt: number | null;
}

const MEMBERS: Record<keyof LogSegmentRow, string> = {
  id: 'id',
  serverId: 'server_id',
  chainId: 'chain_id',
  sequence: 'sequence',
  state: 'state',
  gtidsBefore: 'gtids_before',
  gtidsAfter: 'gtids_after',
  previousMoment: 'previous_moment',
  firstMoment: 'first_moment',
  lastMoment: 'last_moment',
  transactions: 'transactions',
  plainBytes: 'plain_bytes',
  storedBytes: 'stored_bytes',
  sha256: 'sha256',
  instanceId: 'instance_id',
  sourceFile: 'source_file',
  sourcePosition: 'source_position',
  lastTransaction: 'last_transaction',
  problem: 'problem',
  geoCopiedAt: 'geo_copied_at',
};
const COLUMNS = Object.entries(MEMBERS)
  .map(([member, column]) => `${column} AS ${member}`)
  .join(', ');

/** In their order. */
export function listLogSegments(database: Database, serverId: string): LogSegmentRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM log_segments WHERE server_id = ? ORDER BY sequence`)
    .all(serverId) as unknown as LogSegmentRow[];
}

export function findLastLogSegment(database: Database, serverId: string): LogSegmentRow | undefined {
  return database
    .prepare(`SELECT ${COLUMNS} FROM log_segments WHERE server_id = ? ORDER BY sequence DESC LIMIT 1`)
    .get(serverId) as unknown as LogSegmentRow | undefined;
}

/** Numbered as the server's next. */
export function insertLogSegment(
  database: Database,
  segment: Pick<
    LogSegmentRow,
    'id' | 'serverId' | 'chainId' | 'gtidsBefore' | 'previousMoment' | 'instanceId' | 'sourceFile' | 'sourcePosition'
  >,
): void {
  database
    .prepare(
      `INSERT INTO log_segments (id, server_id, chain_id, sequence, state, gtids_before, previous_moment, transactions,
         plain_bytes, stored_bytes, instance_id, source_file, source_position)
       VALUES (?, ?, ?, (SELECT ifnull(max(sequence), 0) + 1 FROM log_segments WHERE server_id = ?), 'open', ?, ?, 0, 0, 0, ?, ?, ?)`,
    )
    .run(
      segment.id,
      segment.serverId,
      segment.chainId,
      segment.serverId,
      segment.gtidsBefore,
      segment.previousMoment,
      segment.instanceId,
      segment.sourceFile,
      segment.sourcePosition,
    );
}

export type LogSegmentChange = Partial<Omit<LogSegmentRow, 'id' | 'serverId' | 'chainId' | 'sequence' | 'gtidsBefore'>>;

export function updateLogSegment(database: Database, id: string, change: LogSegmentChange): void {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return;
  const assignments = entries.map(([member]) => `${MEMBERS[member as keyof LogSegmentRow]} = ?`).join(', ');
  database
    .prepare(`UPDATE log_segments SET ${assignments} WHERE id = ?`)
    .run(...entries.map(([, value]) => value as string | number | null), id);
}

export function deleteLogSegment(database: Database, id: string): void {
  database.prepare('DELETE FROM log_segments WHERE id = ?').run(id);
}
