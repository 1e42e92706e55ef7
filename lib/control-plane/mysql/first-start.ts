import { rows, type Connection } from './client.ts';

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
