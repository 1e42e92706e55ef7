import type { Database } from './database.ts';

/** What is done to one server by the service: another build of MySQL of the same series. */
export interface MaintenanceRow {
  /** Part of its ARM id. */
  name: string;
  serverId: string;
  state: 'Scheduled' | 'ReScheduled' | 'Processing' | 'Completed' | 'Canceled';
  /** The id of the runtime that it brings. */
  toRuntime: string;
  fromVersion: string;
  toVersion: string;
  announcedAt: number;
  /** It is begun then, or within its window after. */
  startAt: number;
  /** It can be put off until then. */
  latestAt: number;
  executionStartedAt: number | null;
  executionEndedAt: number | null;
  /** From when on clients could not work. */
  writesStoppedAt: number | null;
  /** How long, as measured. */
  downtimeMs: number | null;
  /** Why it was put off, or failed: a sentence for people. */
  reason: string | null;
}

const COLUMNS = `name, server_id AS serverId, state, to_runtime AS toRuntime, from_version AS fromVersion,
  to_version AS toVersion, announced_at AS announcedAt, start_at AS startAt, latest_at AS latestAt,
  execution_started_at AS executionStartedAt, execution_ended_at AS executionEndedAt,
  writes_stopped_at AS writesStoppedAt, downtime_ms AS downtimeMs, reason`;

/** Newest first. */
export function listMaintenances(database: Database, serverId: string): MaintenanceRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM maintenances WHERE server_id = ? ORDER BY announced_at DESC, name`)
    .all(serverId) as unknown as MaintenanceRow[];
}

export function findMaintenance(database: Database, serverId: string, name: string): MaintenanceRow | undefined {
  return database
    .prepare(`SELECT ${COLUMNS} FROM maintenances WHERE server_id = ? AND name = ? COLLATE NOCASE`)
    .get(serverId, name) as MaintenanceRow | undefined;
}

export function insertMaintenance(
  database: Database,
  row: Pick<
    MaintenanceRow,
    'name' | 'serverId' | 'toRuntime' | 'fromVersion' | 'toVersion' | 'announcedAt' | 'startAt' | 'latestAt'
  >,
): void {
  database
    .prepare(
      `INSERT INTO maintenances (name, server_id, state, to_runtime, from_version, to_version, announced_at, start_at, latest_at)
       VALUES (:name, :serverId, 'Scheduled', :toRuntime, :fromVersion, :toVersion, :announcedAt, :startAt, :latestAt)`,
    )
    .run(row);
}

const CHANGEABLE = {
  state: 'state',
  startAt: 'start_at',
  executionStartedAt: 'execution_started_at',
  executionEndedAt: 'execution_ended_at',
  writesStoppedAt: 'writes_stopped_at',
  downtimeMs: 'downtime_ms',
  reason: 'reason',
} as const;

export function updateMaintenance(
  database: Database,
  name: string,
  change: Partial<Pick<MaintenanceRow, keyof typeof CHANGEABLE>>,
): void {
  const entries = Object.entries(change) as [keyof typeof CHANGEABLE, string | number | null][];
  const assignments = entries.map(([member]) => `${CHANGEABLE[member]} = ?`).join(', ');
  database
    .prepare(`UPDATE maintenances SET ${assignments} WHERE name = ?`)
    .run(...entries.map(([, value]) => value), name);
}
