import type { ProcessIdentity } from '../mysql/adoption.ts';
import type { Database } from './database.ts';

/** One mysqld and its data. A server has one that is `primary`, and with high availability one that is `standby`. */
export interface InstanceRow {
  /** A GUID; its folder and its socket are named by it. */
  id: string;
  serverId: string;
  role: 'primary' | 'standby';
  zone: string;
  /** Of a {@link MysqlRuntime}. */
  runtimeId: string;
  /** `server_id` of replication, unique in the home. */
  mysqlServerId: number;
  desired: 'running' | 'stopped';
  /** The process that was started last, alive or not. */
  process: ProcessIdentity | undefined;
  /** When it was started again after it had died, within the policy's window. */
  restarts: number[];
  createdAt: number;
}

const COLUMNS = `id, server_id AS serverId, role, zone, runtime_id AS runtimeId, mysql_server_id AS mysqlServerId, desired,
  pid, process_started_at AS startedAt, restarts, created_at AS createdAt`;

function parse(row: unknown): InstanceRow {
  const { pid, startedAt, restarts, ...rest } = row as Omit<InstanceRow, 'process' | 'restarts'> & {
    pid: number | null;
    startedAt: string | null;
    restarts: string;
  };
  const process = pid !== null && startedAt !== null ? { pid, startedAt } : undefined;
  return { ...rest, process, restarts: JSON.parse(restarts) };
}

export function listInstances(database: Database, serverId?: string): InstanceRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM instances WHERE server_id = ifnull(?, server_id) ORDER BY mysql_server_id`)
    .all(serverId ?? null)
    .map(parse);
}

/** Every server's primary, by the server's id: for those that look at all servers again and again. */
export function listPrimaries(database: Database): Map<string, InstanceRow> {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM instances WHERE role = 'primary'`).all().map(parse);
  return new Map(rows.map((row) => [row.serverId, row]));
}

export function findPrimary(database: Database, serverId: string): InstanceRow | undefined {
  return findByRole(database, serverId, 'primary');
}

export function findStandby(database: Database, serverId: string): InstanceRow | undefined {
  return findByRole(database, serverId, 'standby');
}

function findByRole(database: Database, serverId: string, role: InstanceRow['role']): InstanceRow | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM instances WHERE server_id = ? AND role = ?`).get(serverId, role);
  return row && parse(row);
}

/** @throws {Error} when the server has none, which only one that is half made or gone has not. */
export function readPrimary(database: Database, serverId: string): InstanceRow {
  const primary = findPrimary(database, serverId);
  if (!primary) throw new Error(`Server ${serverId} has no primary.`);
  return primary;
}

/** Makes the row, with a `server_id` that no instance of this home has; wanted stopped until a step starts it. */
export function insertInstance(
  database: Database,
  instance: Pick<InstanceRow, 'id' | 'serverId' | 'role' | 'zone' | 'runtimeId'>,
  now: number,
): void {
  database
    .prepare(
      `INSERT INTO instances (id, server_id, role, zone, runtime_id, mysql_server_id, desired, restarts, created_at)
       SELECT ?, ?, ?, ?, ?, ifnull(max(mysql_server_id), 0) + 1, 'stopped', '[]', ? FROM instances`,
    )
    .run(instance.id, instance.serverId, instance.role, instance.zone, instance.runtimeId, now);
}

export function setDesired(database: Database, id: string, desired: InstanceRow['desired']): void {
  database.prepare('UPDATE instances SET desired = ? WHERE id = ?').run(desired, id);
}

/** Written before anything waits for the process, so that a daemon that dies then finds it again. */
export function setProcess(database: Database, id: string, process: ProcessIdentity | undefined): void {
  database
    .prepare('UPDATE instances SET pid = ?, process_started_at = ? WHERE id = ?')
    .run(process?.pid ?? null, process?.startedAt ?? null, id);
}

export function setRestarts(database: Database, id: string, restarts: number[]): void {
  database.prepare('UPDATE instances SET restarts = ? WHERE id = ?').run(JSON.stringify(restarts), id);
}

/** The standby becomes the primary and the primary the standby. In the caller's transaction. */
export function swapRoles(database: Database, serverId: string): void {
  database
    .prepare(
      `UPDATE instances SET role = CASE role WHEN 'primary' THEN 'standby' ELSE 'primary' END
       WHERE server_id = ? AND role IN ('primary', 'standby')`,
    )
    .run(serverId);
}

export function deleteInstance(database: Database, id: string): void {
  database.prepare('DELETE FROM instances WHERE id = ?').run(id);
}

export function deleteInstances(database: Database, serverId: string): void {
  database.prepare('DELETE FROM instances WHERE server_id = ?').run(serverId);
}

/** From its next start on it runs on another installation. */
export function setRuntime(database: Database, id: string, runtimeId: string): void {
  database.prepare('UPDATE instances SET runtime_id = ? WHERE id = ?').run(runtimeId, id);
}
