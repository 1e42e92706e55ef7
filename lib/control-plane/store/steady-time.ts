import type { Database } from './database.ts';

/** The time by which backups grow old, as it was last. Milliseconds. */
export interface SteadyTimeRow {
  at: number;
  aheadMs: number;
}

export function readSteadyTime(database: Database): SteadyTimeRow | undefined {
  return database.prepare('SELECT at, ahead_ms AS aheadMs FROM steady_time').get() as unknown as
    SteadyTimeRow | undefined;
}

export function writeSteadyTime(database: Database, { at, aheadMs }: SteadyTimeRow): void {
  database
    .prepare(
      `INSERT INTO steady_time (id, at, ahead_ms) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET at = excluded.at, ahead_ms = excluded.ahead_ms`,
    )
    .run(at, aheadMs);
}
