import { DAEMON_COMMON_NAME } from './certificates.ts';
import { DAEMON_ACCOUNT, rows, type Connection } from './client.ts';

/** What the template brings along in plain: the data dictionary with all accounts, and the one table of `sys`. */
export const TABLESPACES_OF_THE_TEMPLATE = ['mysql', 'sys/sys_config'] as const;

/** SQL that encrypts one of them. */
export function encryptionStatement(tablespace: (typeof TABLESPACES_OF_THE_TEMPLATE)[number]): string {
  return tablespace === 'mysql'
    ? "ALTER TABLESPACE mysql ENCRYPTION = 'Y'"
    : "ALTER TABLE sys.sys_config ENCRYPTION = 'Y'";
}

/**
 * Encrypts what the template brought along in plain, where that is not done yet. Everything made later is encrypted by the
 * server's options. To be done while nobody else connects.
 */
export async function ensureEncrypted(connection: Connection): Promise<void> {
  const plain = await rows<{ name: (typeof TABLESPACES_OF_THE_TEMPLATE)[number] }>(
    connection,
    `SELECT name FROM information_schema.innodb_tablespaces WHERE name IN (?) AND encryption <> 'Y'`,
    [TABLESPACES_OF_THE_TEMPLATE],
  );
  for (const { name } of plain) await connection.query(encryptionStatement(name));
}

/**
 * Nobody signs in as the daemon's account without the daemon's certificate. To be done before the gateway lets anybody
 * near, see `DAEMON_ACCOUNT`. Idempotent.
 */
export async function ensureDaemonAccountGuarded(connection: Connection): Promise<void> {
  await connection.query(`ALTER USER ${DAEMON_ACCOUNT}@localhost REQUIRE SUBJECT '/CN=${DAEMON_COMMON_NAME}'`);
}
