import type { ErrorDetail } from '../../arm/error.ts';
import type { Database } from './database.ts';

/** Who asked for it: what the activity log shows. */
export interface Caller {
  objectId: string;
  /** `user@local`, or a client id. */
  name: string;
  kind: 'User' | 'ServicePrincipal';
  tenantId: string;
  correlationId: string;
  clientAddress: string;
  method: string;
  url: string;
}

export interface OperationRow {
  /** GUID, part of the polling URL. */
  id: string;
  /** Key of `operations/definitions.ts`: `create-server`. */
  kind: string;
  serverId: string | null;
  subscriptionId: string;
  location: string;
  resourceId: string;
  apiVersion: string;
  exclusive: boolean;
  input: unknown;
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  direction: 'forward' | 'undo';
  /** What it is doing, in words. */
  stage: string;
  error: ErrorDetail | null;
  caller: Caller;
  startedAt: number;
  endedAt: number | null;
}

const COLUMNS = `id, kind, server_id AS serverId, subscription_id AS subscriptionId, location, resource_id AS resourceId,
  api_version AS apiVersion, exclusive, input, status, direction, stage, error, caller, started_at AS startedAt,
  ended_at AS endedAt`;

function parse(row: unknown): OperationRow {
  const found = row as Omit<OperationRow, 'exclusive' | 'input' | 'error' | 'caller'> & {
    exclusive: number;
    input: string;
    error: string | null;
    caller: string;
  };
  return {
    ...found,
    exclusive: found.exclusive === 1,
    input: JSON.parse(found.input),
    error: found.error === null ? null : JSON.parse(found.error),
    caller: JSON.parse(found.caller),
  };
}

export function insertOperation(
  database: Database,
  operation: Omit<OperationRow, 'status' | 'direction' | 'error' | 'endedAt'>,
): void {
  database
    .prepare(
      `INSERT INTO operations (id, kind, server_id, subscription_id, location, resource_id, api_version, exclusive, input,
         status, direction, stage, caller, started_at, sequence)
       SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, 'InProgress', 'forward', ?, ?, ?, ifnull(max(sequence), 0) + 1 FROM operations`,
    )
    .run(
      operation.id,
      operation.kind,
      operation.serverId,
      operation.subscriptionId,
      operation.location,
      operation.resourceId,
      operation.apiVersion,
      operation.exclusive ? 1 : 0,
      JSON.stringify(operation.input),
      operation.stage,
      JSON.stringify(operation.caller),
      operation.startedAt,
    );
}

export function findOperation(database: Database, id: string): OperationRow | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM operations WHERE id = ?`).get(id);
  return row && parse(row);
}

/** What has begun and not ended, in the order of beginning. */
export function listOperationsInProgress(database: Database): OperationRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM operations WHERE status = 'InProgress' ORDER BY sequence`)
    .all()
    .map(parse);
}

/** How many of that kind have failed on the server since one succeeded, less those that had to give way. */
export function countFailedInARow(database: Database, serverId: string, kind: string): number {
  const row = database
    .prepare(
      `SELECT count(*) AS failed FROM operations
        WHERE server_id = :serverId AND kind = :kind AND status = 'Failed' AND error ->> 'code' <> 'OperationPreempted'
          AND sequence > ifnull(
            (SELECT max(sequence) FROM operations WHERE server_id = :serverId AND kind = :kind AND status = 'Succeeded'), 0)`,
    )
    .get({ serverId, kind });
  return (row as { failed: number }).failed;
}

/** The exclusive operation that has the server now. */
export function findExclusiveOperation(database: Database, serverId: string): OperationRow | undefined {
  const row = database
    .prepare(`SELECT ${COLUMNS} FROM operations WHERE server_id = ? AND exclusive = 1 AND status = 'InProgress'`)
    .get(serverId);
  return row && parse(row);
}

/** The ids of all servers that an exclusive operation has now. */
export function listBusyServers(database: Database): Set<string> {
  const rows = database
    .prepare(`SELECT server_id AS id FROM operations WHERE exclusive = 1 AND status = 'InProgress'`)
    .all() as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}

/** A server's exclusive operations that ended after that moment, in the order of beginning. */
export function listOperationsEndedAfter(database: Database, serverId: string, at: number): OperationRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM operations WHERE ended_at > ? AND server_id = ? AND exclusive = 1 ORDER BY sequence`,
    )
    .all(at, serverId)
    .map(parse);
}

/** A server's operations of one kind that succeeded, in the order of their ends. */
export function listOperationsSucceeded(database: Database, serverId: string, kind: string): OperationRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM operations WHERE server_id = ? AND kind = ? AND status = 'Succeeded' ORDER BY ended_at`,
    )
    .all(serverId, kind)
    .map(parse);
}

/** Whether one that began later goes on at the same resource: what the earlier one recorded is then no longer wanted. */
export function isOvertaken(database: Database, operation: Pick<OperationRow, 'id' | 'resourceId'>): boolean {
  return (
    database
      .prepare(
        `SELECT 1 FROM operations WHERE resource_id = ? COLLATE NOCASE AND status = 'InProgress'
           AND sequence > (SELECT sequence FROM operations WHERE id = ?)`,
      )
      .get(operation.resourceId, operation.id) !== undefined
  );
}

/** Whether making the server failed and left something of it behind. */
export function isHalfMade(database: Database, serverId: string): boolean {
  return (
    database
      .prepare(`SELECT 1 FROM operations WHERE server_id = ? AND kind = 'create-server' AND status = 'Failed'`)
      .get(serverId) !== undefined
  );
}

/** @param input what stays of the input, once it is not needed any more. */
export function endOperation(
  database: Database,
  id: string,
  end: {
    status: 'Succeeded' | 'Failed' | 'Canceled';
    stage: string;
    error: ErrorDetail | null;
    input: unknown;
    at: number;
  },
): void {
  database
    .prepare('UPDATE operations SET status = ?, stage = ?, error = ?, input = ?, ended_at = ? WHERE id = ?')
    .run(end.status, end.stage, end.error && JSON.stringify(end.error), JSON.stringify(end.input), end.at, id);
}

/** From here on its steps are undone, whatever happens. */
export function turnBack(database: Database, id: string, error: ErrorDetail, stage: string): void {
  database
    .prepare(`UPDATE operations SET direction = 'undo', error = ?, stage = ? WHERE id = ?`)
    .run(JSON.stringify(error), stage, id);
}

export function setStage(database: Database, id: string, stage: string): void {
  database.prepare('UPDATE operations SET stage = ? WHERE id = ?').run(stage, id);
}

export type StepState = 'started' | 'done' | 'skipped' | 'undone';

export function journalStep(database: Database, operationId: string, step: string, state: StepState, at: number): void {
  database
    .prepare(
      `INSERT INTO operation_steps (operation_id, step, state, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (operation_id, step) DO UPDATE SET state = excluded.state, at = excluded.at`,
    )
    .run(operationId, step, state, at);
}

export function readJournal(database: Database, operationId: string): Map<string, StepState> {
  const rows = database.prepare('SELECT step, state FROM operation_steps WHERE operation_id = ?').all(operationId);
  return new Map((rows as { step: string; state: StepState }[]).map(({ step, state }) => [step, state]));
}

/** Forgets what ended before that moment. @returns how many. */
export function pruneOperations(database: Database, before: number): number {
  return Number(database.prepare('DELETE FROM operations WHERE ended_at < ?').run(before).changes);
}
