/** What one build of MySQL has, and what a server uses of it: read from the servers themselves, compared by others. */
import { rows, type Connection } from './client.ts';
import { readVariables } from './trial-start.ts';

/** What a build has, as a mysqld of it on an empty data directory says. */
export interface BuildFacts {
  /** System variables with their values there. */
  variables: Map<string, string>;
  authentication: Set<string>;
  /** Upper case. */
  reservedWords: Set<string>;
  engines: Set<string>;
  collations: Set<string>;
  /** Of those that were asked for, the ones that it does not take. */
  refusedSqlModes: string[];
}

/** What a server uses. */
export interface ServerUse {
  accounts: { account: string; plugin: string }[];
  /** Engines with how many tables use each, and one of them. */
  engines: { engine: string; tables: number; example: string }[];
  /** Collations of tables and columns, the same. */
  collations: { collation: string; columns: number; example: string }[];
  /** In which routines, triggers and events are. */
  sqlModes: string[];
  /** Prepared distributed transactions. */
  prepared: number;
}

const LOCK_SECONDS = 60;
const OWN = "('mysql', 'sys', 'information_schema', 'performance_schema')";

export async function readBuildFacts(connection: Connection, sqlModes: readonly string[]): Promise<BuildFacts> {
  const column = async (sql: string) =>
    new Set((await rows<{ it: string }>(connection, sql)).map(({ it }) => String(it)));
  const refusedSqlModes: string[] = [];
  for (const mode of sqlModes) {
    await connection.query('SET SESSION sql_mode = ?', [mode]).catch((failure) => {
      if ((failure as { code?: string }).code !== 'ER_WRONG_VALUE_FOR_VAR') throw failure;
      refusedSqlModes.push(mode);
    });
  }
  return {
    variables: await readVariables(connection),
    authentication: await column(
      "SELECT plugin_name AS it FROM information_schema.plugins WHERE plugin_type = 'AUTHENTICATION'",
    ),
    reservedWords: await column('SELECT word AS it FROM information_schema.keywords WHERE reserved = 1'),
    engines: await column("SELECT engine AS it FROM information_schema.engines WHERE support IN ('YES', 'DEFAULT')"),
    collations: await column('SELECT collation_name AS it FROM information_schema.collations'),
    refusedSqlModes,
  };
}

export async function readServerUse(connection: Connection): Promise<ServerUse> {
  const accounts = await rows<{ account: string; plugin: string }>(
    connection,
    "SELECT concat(user, '@', host) AS account, plugin AS plugin FROM mysql.user",
  );
  const engines = await rows<{ engine: string; tables: number; example: string }>(
    connection,
    `SELECT engine AS engine, count(*) AS tables, min(concat(table_schema, '.', table_name)) AS example
       FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ${OWN} GROUP BY engine`,
  );
  const collations = await rows<{ collation: string; columns: number; example: string }>(
    connection,
    `SELECT collation_name AS collation, count(*) AS \`columns\`,
            min(concat(table_schema, '.', table_name, '.', column_name)) AS example
       FROM information_schema.columns
      WHERE collation_name IS NOT NULL AND table_schema NOT IN ${OWN} GROUP BY collation_name`,
  );
  const modes = await rows<{ mode: string }>(
    connection,
    `SELECT DISTINCT sql_mode AS mode FROM information_schema.routines WHERE routine_schema NOT IN ${OWN}
     UNION SELECT DISTINCT sql_mode FROM information_schema.triggers WHERE trigger_schema NOT IN ${OWN}
     UNION SELECT DISTINCT sql_mode FROM information_schema.events WHERE event_schema NOT IN ${OWN}`,
  );
  const prepared = await rows(connection, 'XA RECOVER');
  return {
    accounts: accounts.filter(({ plugin }) => plugin !== ''),
    engines: engines.filter(({ engine }) => engine !== null),
    collations,
    sqlModes: modes.map(({ mode }) => String(mode)),
    prepared: prepared.length,
  };
}

/** Names that people gave which are among these words (upper case): tables, columns, routines … */
export async function findNamesLike(connection: Connection, words: readonly string[]): Promise<string[]> {
  if (words.length === 0) return [];
  const found = await rows<{ name: string }>(
    connection,
    `SELECT concat('database ', schema_name) AS name FROM information_schema.schemata WHERE upper(schema_name) IN (?)
     UNION SELECT concat('table ', table_schema, '.', table_name) FROM information_schema.tables
       WHERE table_schema NOT IN ${OWN} AND upper(table_name) IN (?)
     UNION SELECT concat('column ', table_schema, '.', table_name, '.', column_name) FROM information_schema.columns
       WHERE table_schema NOT IN ${OWN} AND upper(column_name) IN (?)
     UNION SELECT concat('routine ', routine_schema, '.', routine_name) FROM information_schema.routines
       WHERE routine_schema NOT IN ${OWN} AND upper(routine_name) IN (?)`,
    [words, words, words, words],
  );
  return found.map(({ name }) => name);
}

/** Tables and views that this server cannot go on with as they are, with what it says. Heeds the signal between two. */
export async function checkForUpgrade(
  connection: Connection,
  signal: AbortSignal,
): Promise<{ checked: number; problems: string[] }> {
  const tables = await rows<{ database: string; name: string }>(
    connection,
    `SELECT table_schema AS \`database\`, table_name AS name FROM information_schema.tables
      WHERE table_type IN ('BASE TABLE', 'VIEW') AND table_schema NOT IN ${OWN}`,
  );
  // A transaction that was prepared holds its tables for ever.
  await connection.query(`SET SESSION lock_wait_timeout = ${LOCK_SECONDS}`);
  const problems: string[] = [];
  for (const { database, name } of tables) {
    signal.throwIfAborted();
    const said = await rows<{ Msg_type: string; Msg_text: string }>(
      connection,
      `CHECK TABLE ${[database, name].map((part) => `\`${part.replaceAll('`', '``')}\``).join('.')} FOR UPGRADE`,
    );
    const fault = said.find(({ Msg_type: type, Msg_text: text }) => /error/i.test(type) || /upgrade/i.test(text));
    if (fault) problems.push(`${database}.${name}: ${fault.Msg_text}`);
  }
  return { checked: tables.length, problems };
}
