import { DAEMON_COMMON_NAME } from './certificates.ts';
import { DAEMON_ACCOUNT, rows, type Connection } from './client.ts';

/**
 * Encrypts what the template brought along in plain: the data dictionary with all accounts, and the one table of `sys`.
 * Everything made later is encrypted by the server's options. To be done while nobody else connects.
 */
export async function ensureEncrypted(connection: Connection): Promise<void> {
  const plain = await rows<{ name: string }>(
    connection,
    `SELECT name FROM information_schema.innodb_tablespaces
      WHERE name IN ('mysql', 'sys/sys_config') AND encryption <> 'Y'`,
  );
  for (const { name } of plain) {
    await connection.query(
      name === 'mysql' ? "ALTER TABLESPACE mysql ENCRYPTION = 'Y'" : "ALTER TABLE sys.sys_config ENCRYPTION = 'Y'",
    );
  }
}

/**
 * Nobody signs in as the daemon's account without the daemon's certificate. To be done before the gateway lets anybody
 * near, see `DAEMON_ACCOUNT`. Idempotent.
 */
export async function ensureDaemonAccountGuarded(connection: Connection): Promise<void> {
  await connection.query(`ALTER USER ${DAEMON_ACCOUNT}@localhost REQUIRE SUBJECT '/CN=${DAEMON_COMMON_NAME}'`);
}
