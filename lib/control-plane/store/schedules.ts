import { AUTO_START_DAYS, type Schedule } from '../../rules/schedules.ts';
import type { Database } from './database.ts';

/** A time that was due, and what came of it. */
export interface ScheduleRun {
  due: number;
  at: number;
  /** `Begun`: what became of the operation is the operation's to tell. `Waiting` is tried again. */
  outcome: 'Begun' | 'Skipped' | 'Waiting';
  /** A sentence for people. */
  message: string;
  operationId?: string;
}

export interface ScheduleRow {
  serverId: string;
  name: string;
  schedule: Schedule;
  /** What was due before is not made up for. */
  changedAt: number;
  lastRun: ScheduleRun | null;
}

const COLUMNS = 'server_id AS serverId, name, schedule, changed_at AS changedAt, last_run AS lastRun';

function parse(row: unknown): ScheduleRow {
  const found = row as Omit<ScheduleRow, 'schedule' | 'lastRun'> & { schedule: string; lastRun: string | null };
  return {
    ...found,
    schedule: JSON.parse(found.schedule),
    lastRun: found.lastRun === null ? null : JSON.parse(found.lastRun),
  };
}

export function listSchedules(database: Database, serverId: string): ScheduleRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM schedules WHERE server_id = ? ORDER BY name`)
    .all(serverId)
    .map(parse);
}

export function findSchedule(database: Database, serverId: string, name: string): ScheduleRow | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM schedules WHERE server_id = ? AND name = ?`).get(serverId, name);
  return row && parse(row);
}

/** Made, or changed: its last run stays. */
export function putSchedule(database: Database, row: Omit<ScheduleRow, 'lastRun'>): void {
  database
    .prepare(
      `INSERT INTO schedules (server_id, name, schedule, changed_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (server_id, name) DO UPDATE SET schedule = excluded.schedule, changed_at = excluded.changed_at`,
    )
    .run(row.serverId, row.name, JSON.stringify(row.schedule), row.changedAt);
}

export function setScheduleRun(database: Database, { serverId, name }: ScheduleRow, run: ScheduleRun): void {
  database
    .prepare('UPDATE schedules SET last_run = ? WHERE server_id = ? AND name = ?')
    .run(JSON.stringify(run), serverId, name);
}

export function deleteSchedule(database: Database, serverId: string, name: string): void {
  database.prepare('DELETE FROM schedules WHERE server_id = ? AND name = ?').run(serverId, name);
}

export interface AutoStart {
  afterDays: number;
  /** When a start was last begun for it. */
  attemptedAt: number | null;
}

/** Azure's default where nobody said otherwise. */
export function readAutoStart(database: Database, serverId: string): AutoStart {
  const row = database
    .prepare('SELECT after_days AS afterDays, attempted_at AS attemptedAt FROM auto_starts WHERE server_id = ?')
    .get(serverId) as AutoStart | undefined;
  return row ?? { afterDays: AUTO_START_DAYS.default, attemptedAt: null };
}

export function writeAutoStart(database: Database, serverId: string, { afterDays, attemptedAt }: AutoStart): void {
  database
    .prepare(
      `INSERT INTO auto_starts (server_id, after_days, attempted_at) VALUES (?, ?, ?)
       ON CONFLICT (server_id) DO UPDATE SET after_days = excluded.after_days, attempted_at = excluded.attempted_at`,
    )
    .run(serverId, afterDays, attemptedAt);
}
