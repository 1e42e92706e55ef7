import { quoteName, rows, type Connection } from './client.ts';

/** An event that is not to run on its server. */
export interface RestingEvent {
  schema: string;
  name: string;
  /** MySQL's: `DISABLED`, or `REPLICA_SIDE_DISABLED` where somebody made it so on purpose. */
  status: string;
}

/** Events of a primary that are not enabled. */
export async function readRestingEvents(connection: Connection): Promise<RestingEvent[]> {
  return rows<RestingEvent>(
    connection,
    `SELECT event_schema AS \`schema\`, event_name AS name, status AS status FROM information_schema.events
      WHERE status <> 'ENABLED' ORDER BY 1, 2`,
  );
}

/**
 * On a new primary: gives every event the status that it had on the former one. MySQL disables events on a replica when
 * they come by replication (MySQL's manual, "Replication of Invoked Features"), enabled before or not. Not written to the
 * binary log: on the standby-to-be they are as they were.
 *
 * @param resting what was not enabled on the former primary.
 * @returns what could not be set, in MySQL's words.
 */
export async function restoreEvents(connection: Connection, resting: readonly RestingEvent[]): Promise<string[]> {
  const found = await rows<{ schema: string; name: string; definer: string }>(
    connection,
    `SELECT event_schema AS \`schema\`, event_name AS name, definer AS definer FROM information_schema.events
      WHERE status NOT IN ('ENABLED', 'DISABLED')`,
  );
  if (found.length === 0) return [];
  const failures: string[] = [];
  await connection.query('SET sql_log_bin = OFF');
  for (const { schema, name, definer } of found) {
    const before = resting.find((event) => isSame(event.schema, schema) && isSame(event.name, name))?.status;
    if (before !== undefined && before !== 'DISABLED') continue;
    // Whoever alters an event becomes its definer, unless told otherwise.
    const at = definer.lastIndexOf('@');
    const account = `${connection.escape(definer.slice(0, at))}@${connection.escape(definer.slice(at + 1))}`;
    const event = `${quoteName(schema)}.${quoteName(name)}`;
    try {
      await connection.query(`ALTER DEFINER = ${account} EVENT ${event} ${before ? 'DISABLE' : 'ENABLE'}`);
    } catch (failure) {
      failures.push(`${schema}.${name}: ${(failure as Error).message}`);
    }
  }
  await connection.query('SET sql_log_bin = ON');
  return failures;
}

/** Names of events, and of schemas here, are the same in whatever case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
