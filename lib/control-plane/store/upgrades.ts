import type { UpgradeCheckResult } from '../../arm/local/upgrade.ts';
import type { Database } from './database.ts';
import { listResults, writeResult } from './results.ts';

/** A server's way from one series of MySQL to another. */
export interface UpgradeRow {
  /** The operation's. */
  id: string;
  serverId: string;
  /** Series: `9.7`. */
  fromVersion: string;
  toVersion: string;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number | null;
  /** From when on clients could not work. */
  writesStoppedAt: number | null;
  downtimeMs: number | null;
  /** Name of the full backup that was made before. */
  backup: string | null;
  /** Why it failed, a sentence. */
  problem: string | null;
}

const COLUMNS = `id, server_id AS serverId, from_version AS fromVersion, to_version AS toVersion, status,
  started_at AS startedAt, ended_at AS endedAt, writes_stopped_at AS writesStoppedAt, downtime_ms AS downtimeMs,
  backup, problem`;

export function insertUpgrade(
  database: Database,
  row: Pick<UpgradeRow, 'id' | 'serverId' | 'fromVersion' | 'toVersion' | 'startedAt'>,
): void {
  database
    .prepare(
      `INSERT INTO upgrades (id, server_id, from_version, to_version, status, started_at)
       VALUES (:id, :serverId, :fromVersion, :toVersion, 'InProgress', :startedAt)`,
    )
    .run(row);
}

/** Newest first. */
export function listUpgrades(database: Database, serverId: string): UpgradeRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM upgrades WHERE server_id = ? ORDER BY started_at DESC, rowid DESC`)
    .all(serverId) as unknown as UpgradeRow[];
}

export function findUpgrade(database: Database, id: string): UpgradeRow | undefined {
  return database.prepare(`SELECT ${COLUMNS} FROM upgrades WHERE id = ?`).get(id) as unknown as UpgradeRow | undefined;
}

const CHANGEABLE = {
  status: 'status',
  endedAt: 'ended_at',
  writesStoppedAt: 'writes_stopped_at',
  downtimeMs: 'downtime_ms',
  backup: 'backup',
  problem: 'problem',
} as const;

export function updateUpgrade(
  database: Database,
  id: string,
  change: Partial<Pick<UpgradeRow, keyof typeof CHANGEABLE>>,
): void {
  const entries = Object.entries(change) as [keyof typeof CHANGEABLE, string | number | null][];
  const assignments = entries.map(([member]) => `${CHANGEABLE[member]} = ?`).join(', ');
  database.prepare(`UPDATE upgrades SET ${assignments} WHERE id = ?`).run(...entries.map(([, value]) => value), id);
}

/**
 * The series that a server had at that moment.
 *
 * @param moment microseconds since 1970; null for now.
 * @param current what it has now.
 */
export function seriesAt(database: Database, serverId: string, moment: number | null, current: string): string {
  if (moment === null) return current;
  const later = listUpgrades(database, serverId).filter(
    ({ status, writesStoppedAt, endedAt }) =>
      status === 'Succeeded' && (writesStoppedAt ?? endedAt ?? 0) * 1000 > moment,
  );
  return later.at(-1)?.fromVersion ?? current;
}

/** What was found when an upgrade was checked. */
export interface UpgradeCheckRow {
  /** The operation's. */
  id: string;
  serverId: string;
  startedAt: number;
  endedAt: number | null;
  fromVersion: string;
  toVersion: string;
  status: 'InProgress' | 'Passed' | 'Failed';
  checks: UpgradeCheckResult[];
  /** How long the newer MySQL took to take the copy's data over. */
  startMs: number | null;
  problem: string | null;
}

/** Of a server so many are kept. */
const KEPT_CHECKS = 20;

export function writeUpgradeCheck(database: Database, row: UpgradeCheckRow): void {
  writeResult(database, 'upgrade_checks', row);
  database
    .prepare(
      `DELETE FROM upgrade_checks WHERE server_id = :serverId AND id NOT IN (
         SELECT id FROM upgrade_checks WHERE server_id = :serverId ORDER BY started_at DESC LIMIT ${KEPT_CHECKS})`,
    )
    .run({ serverId: row.serverId });
}

/** Newest first. */
export function listUpgradeChecks(database: Database, serverId: string): UpgradeCheckRow[] {
  return listResults(database, 'upgrade_checks', serverId);
}
