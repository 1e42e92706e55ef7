import { DAEMON_ACCOUNT, type Connection } from './client.ts';

/** The server's administrator as ARM names it: `administratorLogin`, and what `cachingSha2PasswordHash` made. */
export interface Administrator {
  login: string;
  /** Hexadecimal. */
  authenticationHash: string;
}

/**
 * What Azure's administrator may do. Not among them: SUPER, FILE, CREATE TABLESPACE, SHUTDOWN, BACKUP_ADMIN and all other
 * dynamic privileges. Source: Azure's limitations page, "Privileges and data manipulation support".
 */
const STATIC_PRIVILEGES =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, ' +
  'SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, ' +
  'CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, CREATE ROLE, ' +
  'DROP ROLE';

const DYNAMIC_PRIVILEGES = 'REPLICATION_APPLIER, ROLE_ADMIN, SESSION_VARIABLES_ADMIN, SHOW_ROUTINE, XA_RECOVER_ADMIN';

/** Taken back on the system's own schemas, which are read-only. Needs `partial_revokes`. */
const WRITING_PRIVILEGES =
  'INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, ' +
  'CREATE VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER';

/** The administrator with that password and exactly those privileges, whatever was there before. */
export async function ensureAdministrator(connection: Connection, administrator: Administrator): Promise<void> {
  const account = accountOf(administrator);
  await connection.query(`CREATE USER IF NOT EXISTS ${account} ${identified(administrator)}`);
  await setAdministratorPassword(connection, administrator);
  await connection.query(`GRANT ${STATIC_PRIVILEGES}, ${DYNAMIC_PRIVILEGES} ON *.* TO ${account} WITH GRANT OPTION`);
  for (const schema of ['mysql', 'sys']) {
    await connection.query(`REVOKE ${WRITING_PRIVILEGES} ON ${schema}.* FROM ${account}`);
  }
}

/** Open sessions stay; the next sign-in takes the new password. */
export async function setAdministratorPassword(connection: Connection, administrator: Administrator): Promise<void> {
  await connection.query(`ALTER USER ${accountOf(administrator)} ${identified(administrator)}`);
}

function accountOf({ login }: Administrator): string {
  if (login === DAEMON_ACCOUNT || !/^[^\p{Cc}']{1,32}$/u.test(login)) {
    throw new Error('An administrator needs a name of its own of 1 to 32 characters.');
  }
  return `'${login.replaceAll('\\', '\\\\')}'@'%'`;
}

function identified({ authenticationHash }: Administrator): string {
  if (!/^([0-9a-f]{2})+$/i.test(authenticationHash)) throw new Error('The authentication hash must be hexadecimal.');
  return `IDENTIFIED WITH caching_sha2_password AS 0x${authenticationHash}`;
}
