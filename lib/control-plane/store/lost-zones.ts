import type { Database } from './database.ts';

/** A zone that somebody has lost on purpose, until it is brought back. */
export interface LostZoneRow {
  subscriptionId: string;
  /** Short form: `westeurope`. */
  location: string;
  zone: string;
  lostAt: number;
  /** Who did it. */
  lostBy: string;
}

/** Where an instance is, as far as zones go. */
export type Place = Pick<LostZoneRow, 'subscriptionId' | 'location'>;

const COLUMNS = 'subscription_id AS subscriptionId, location, zone, lost_at AS lostAt, lost_by AS lostBy';

export function listLostZones(database: Database): LostZoneRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM lost_zones ORDER BY subscription_id, location, zone`)
    .all() as unknown as LostZoneRow[];
}

export function findLostZone(database: Database, place: Place, zone: string): LostZoneRow | undefined {
  return database
    .prepare(`SELECT ${COLUMNS} FROM lost_zones WHERE subscription_id = ? AND location = ? AND zone = ?`)
    .get(place.subscriptionId, place.location, zone) as LostZoneRow | undefined;
}

/** One that is lost already stays so since then. */
export function insertLostZone(
  database: Database,
  { subscriptionId, location, zone, lostAt, lostBy }: LostZoneRow,
): void {
  database
    .prepare(
      `INSERT INTO lost_zones (subscription_id, location, zone, lost_at, lost_by) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    )
    .run(subscriptionId, location, zone, lostAt, lostBy);
}

export function deleteLostZone(database: Database, place: Place, zone: string): void {
  database
    .prepare('DELETE FROM lost_zones WHERE subscription_id = ? AND location = ? AND zone = ?')
    .run(place.subscriptionId, place.location, zone);
}
