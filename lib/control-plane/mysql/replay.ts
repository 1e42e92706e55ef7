import type { Connection } from './client.ts';

/** Executes the relay logs that lie in the data directory. Idempotent: what has been executed is passed over. */
export async function startReplay(connection: Connection): Promise<void> {
  await connection.query('STOP REPLICA');
  // No such host is ever asked: only the applier runs.
  await connection.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'archive', SOURCE_USER = 'nobody', SOURCE_AUTO_POSITION = 0,
       RELAY_LOG_FILE = 'relay.000001', RELAY_LOG_POS = 4`,
  );
  await connection.query('START REPLICA SQL_THREAD');
}

/** Nothing of the replay is left in the server. */
export async function endReplay(connection: Connection): Promise<void> {
  await connection.query('STOP REPLICA');
  await connection.query('RESET REPLICA ALL');
}

/**
 * Changes go to the data files alone from here on, once each. A mysqld that dies meanwhile leaves data of no use, on
 * which MySQL refuses to start. Idempotent.
 */
export async function beginUnlogged(connection: Connection): Promise<void> {
  await connection.query('ALTER INSTANCE DISABLE INNODB REDO_LOG');
}

/** All of it is written to the data files, and changes are logged again. Idempotent. */
export async function endUnlogged(connection: Connection): Promise<void> {
  await connection.query('ALTER INSTANCE ENABLE INNODB REDO_LOG');
}

/** A new master key for the data: that of the server it came from opens it no longer. */
export async function rotateMasterKey(connection: Connection): Promise<void> {
  await connection.query('ALTER INSTANCE ROTATE INNODB MASTER KEY');
}
