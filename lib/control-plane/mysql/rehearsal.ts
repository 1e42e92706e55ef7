import { quoteName, rows, type Connection } from './client.ts';

/** What a rehearsal has on the server: a schema with one table, and an account that may add rows to it and nothing else. */
export interface RehearsalNames {
  schema: string;
  user: string;
}

const PAGE = 10_000;

/** @param id a GUID. */
export function rehearsalNames(id: string): RehearsalNames {
  const name = `flexdeck_rehearsal_${id.slice(0, 8)}`;
  return { schema: name, user: name };
}

/** @param options.password no quotes in it. */
export async function createRehearsal(
  connection: Connection,
  { schema, user }: RehearsalNames,
  { password, sessions }: { password: string; sessions: number },
): Promise<void> {
  await removeRehearsal(connection, { schema, user });
  await connection.query(`CREATE SCHEMA ${quoteName(schema)}`);
  await connection.query(
    `CREATE TABLE ${quoteName(schema)}.written (number INT PRIMARY KEY, text VARCHAR(32) NOT NULL) ENGINE = InnoDB`,
  );
  await connection.query(
    `CREATE USER ${quoteName(user)}@localhost IDENTIFIED BY ${connection.escape(password)}
       REQUIRE SSL WITH MAX_USER_CONNECTIONS ${sessions}`,
  );
  await connection.query(`GRANT INSERT ON ${quoteName(schema)}.written TO ${quoteName(user)}@localhost`);
}

/** Nothing of it is there, whatever was. Its sessions end. */
export async function removeRehearsal(connection: Connection, { schema, user }: RehearsalNames): Promise<void> {
  await connection.query(`DROP USER IF EXISTS ${quoteName(user)}@localhost`);
  const sessions = await rows<{ id: number }>(
    connection,
    'SELECT processlist_id AS id FROM performance_schema.threads WHERE processlist_user = ?',
    [user],
  );
  for (const { id } of sessions) {
    await connection.query(`KILL ${Number(id)}`).catch((failure) => {
      if ((failure as { code?: string }).code !== 'ER_NO_SUCH_THREAD') throw failure;
    });
  }
  await connection.query(`DROP SCHEMA IF EXISTS ${quoteName(schema)}`);
}

/** Numbers of the rows that are there as they were written. */
export async function readWritten(connection: Connection, { schema }: RehearsalNames): Promise<Set<number>> {
  const found = new Set<number>();
  for (let last = 0; ;) {
    const page = await rows<{ number: number; text: string }>(
      connection,
      `SELECT number, text FROM ${quoteName(schema)}.written WHERE number > ? ORDER BY number LIMIT ${PAGE}`,
      [last],
    );
    for (const { number, text } of page) if (text === `row ${number}`) found.add(number);
    if (page.length < PAGE) return found;
    last = page.at(-1)!.number;
  }
}
