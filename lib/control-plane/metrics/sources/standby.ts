import { withConnection, type Connection } from '../../mysql/client.ts';

interface Row {
  receiving: number;
  applying: number;
  /** Age in seconds of the oldest transaction that is being applied; null when none is. */
  behind: string | null;
}

/** The oldest transaction under way says how far behind it is: nothing waits that is older. (LAG is a word of SQL's.) */
const STATUS = `
  SELECT
    (SELECT COUNT(*) FROM performance_schema.replication_connection_status
      WHERE channel_name = '' AND service_state = 'ON') AS receiving,
    (SELECT COUNT(*) FROM performance_schema.replication_applier_status
      WHERE channel_name = '' AND service_state = 'ON') AS applying,
    (SELECT MAX(TIMESTAMPDIFF(MICROSECOND, applying_transaction_original_commit_timestamp, NOW(6))) / 1000000
       FROM performance_schema.replication_applier_status_by_worker
      WHERE channel_name = '' AND applying_transaction <> ''
        AND applying_transaction_original_commit_timestamp > '1970-01-02') AS behind`;

/** Asks the standby itself; throws what it answers. */
export async function standbyStatus(connection: Connection, timeoutMs: number): Promise<Row[]> {
  const [found] = await connection.query({ sql: STATUS, timeout: timeoutMs });
  return found as Row[];
}

/**
 * How a standby follows: HA_IO_status, HA_SQL_status, HA_replication_lag in seconds. One that does not answer receives
 * and applies nothing, and nobody knows how far behind it is.
 */
export async function readStandby(socket: string, timeoutMs: number): Promise<Map<string, number>> {
  const asked = withConnection(socket, (connection) => standbyStatus(connection, timeoutMs), { timeoutMs });
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, timeoutMs, undefined).unref());
  const found = await Promise.race([asked, late]).catch(() => undefined);
  return standbyLevels(found?.[0]);
}

/** @param row undefined when the standby did not answer. */
export function standbyLevels(row: Row | undefined): Map<string, number> {
  const levels = new Map([
    ['HA_IO_status', row?.receiving ? 1 : 0],
    ['HA_SQL_status', row?.applying ? 1 : 0],
  ]);
  if (row?.applying) levels.set('HA_replication_lag', Math.max(0, Number(row.behind ?? 0)));
  return levels;
}
