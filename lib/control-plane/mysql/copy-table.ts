import { quoteName, rows, type Connection } from './client.ts';
import { addForeignKeys, pointForeignKeys, quoteTable, splitCreateText, type TableName } from './foreign-keys.ts';

interface Column {
  name: string;
  type: string;
  characterSet: string | null;
  generated: number;
}

/** What mysql2 lets one do to read rows one by one, as MySQL sends them. */
interface RawConnection {
  connection: {
    query(options: object): { stream(options: { highWaterMark: number }): AsyncIterable<(Buffer | null)[]> };
  };
}

/** What the name of a table begins with that is not whole yet. */
export const UNFINISHED_TABLE = 'recovering_';

const STATEMENT_BYTES = 1024 * 1024;
/** Who waits for a table keeps all others from it that come later. */
const LOCK_SECONDS = 30;
const LARGE = "('mediumtext', 'longtext', 'mediumblob', 'longblob', 'json', 'geometry', 'vector')";
const NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)$/;

/**
 * What a server's parameters would change in what is read and written: times would be moved between two time zones, a 0
 * in an AUTO_INCREMENT column would become another number, dates that are none would be refused.
 */
const SAME_ON_BOTH = `SET SESSION time_zone = '+00:00', SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES',
  SESSION sql_select_limit = 18446744073709551615, SESSION max_execution_time = 0, SESSION net_write_timeout = 3600,
  SESSION sql_quote_show_create = ON, SESSION show_gipk_in_create_table_and_information_schema = ON,
  SESSION lock_wait_timeout = ${LOCK_SECONDS}`;

/**
 * Copies a table with its rows, indexes and, where it keeps its name, its foreign keys and triggers to another server. (A
 * copy under another name has none: deletes elsewhere must not reach it by a cascade.) The new one appears under its name
 * when it is whole; until then it has another, and nothing of it is left where that fails. May be repeated.
 *
 * @param options.overwrite what there is under that name goes, at the same moment.
 * @throws {Error} when the copy is not the same as the original.
 */
export async function copyTable(
  from: Connection,
  source: TableName,
  to: Connection,
  target: TableName,
  options: { overwrite: boolean; suffix: string; signal: AbortSignal },
): Promise<void> {
  await from.query(SAME_ON_BOTH);
  await to.query(SAME_ON_BOTH);
  await to.query(
    'SET SESSION sql_generate_invisible_primary_key = OFF, SESSION sql_require_primary_key = OFF, SESSION foreign_key_checks = OFF',
  );
  const [created] = await rows<Record<string, string>>(from, `SHOW CREATE TABLE ${quoteTable(source)}`);
  const { text, foreignKeys } = splitCreateText(created!['Create Table']!);
  const unfinished = { database: target.database, table: `${UNFINISHED_TABLE}${options.suffix}` };
  // Asked first: the statement is in the log, and on the timeline, whether it does anything or not.
  const there = await rows(to, 'SELECT 1 FROM information_schema.schemata WHERE schema_name = ?', [target.database]);
  if (there.length === 0) await to.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(target.database)}`);
  await to.query(`USE ${quoteName(target.database)}`);
  const keepsName = source.table === target.table && source.database === target.database;
  const old = { database: target.database, table: `${unfinished.table}_old` };
  const isDone = (await hasTable(to, old)) || (!options.overwrite && (await isCopied(from, source, to, target)));
  if (!isDone) {
    try {
      await to.query(`DROP TABLE IF EXISTS ${quoteTable(unfinished)}`);
      await to.query(createText(text, quoteTable(unfinished)));
      await copyRows(from, source, to, unfinished, options.signal);
      if (!(await isSame(from, source, to, unfinished))) {
        throw new Error(`The copy of ${source.table} is not the same as the original.`);
      }
      await publish(to, unfinished, target, { old, overwrite: options.overwrite });
    } catch (failure) {
      await to.query(`DROP TABLE IF EXISTS ${quoteTable(unfinished)}`).catch(() => {});
      throw failure;
    }
  }
  if (await hasTable(to, old)) {
    // The foreign keys of others went along with the one that goes.
    await pointForeignKeys(to, { from: old, to: target });
    await to.query(`DROP TABLE ${quoteTable(old)}`);
  }
  if (keepsName) {
    await addForeignKeys(to, target, foreignKeys).catch((cause: Error) => {
      throw new Error(`${target.table} is back with its rows, but not its foreign keys: ${cause.message}`, { cause });
    });
  }
  if (source.table === target.table) await copyTriggers(from, source, to, target);
}

/** Names of checks are unique in a database: the copy gets names of its own while the original is there. */
export function createText(text: string, name: string): string {
  return text
    .replace(/^CREATE TABLE `(?:[^`]|``)+`/, () => `CREATE TABLE ${name}`)
    .replaceAll(/^( {2})CONSTRAINT `(?:[^`]|``)+` (CHECK)/gm, '$1$2');
}

/** Whether that table is there already as it is to be: a daemon died after it had come to be. */
async function isCopied(from: Connection, source: TableName, to: Connection, target: TableName): Promise<boolean> {
  return (await hasTable(to, target)) && isSame(from, source, to, target);
}

async function hasTable(connection: Connection, { database, table }: TableName): Promise<boolean> {
  const found = await rows(
    connection,
    'SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    [database, table],
  );
  return found.length > 0;
}

/** Whether a row of it may be more than a server takes in one statement. */
export async function mayBeLarge(connection: Connection, { database, table }: TableName): Promise<boolean> {
  const found = await rows(
    connection,
    `SELECT 1 FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND data_type IN ${LARGE} LIMIT 1`,
    [database, table],
  );
  return found.length > 0;
}

/** Every value is; of documents, whose bytes may differ while they say the same, only how many there are. */
async function isSame(from: Connection, source: TableName, to: Connection, target: TableName): Promise<boolean> {
  const [here, there] = await Promise.all([columnsOf(from, source), columnsOf(to, target)]);
  if (JSON.stringify(here) !== JSON.stringify(there)) return false;
  const [expected, found] = await Promise.all([countRows(from, source), countRows(to, target)]);
  if (expected !== found) return false;
  if (here.some(({ type }) => type === 'json')) return true;
  const sums = await Promise.all([checksumTable(from, source), checksumTable(to, target)]);
  return sums[0] === sums[1];
}

async function checksumTable(connection: Connection, name: TableName): Promise<string> {
  const [row] = await rows<{ Checksum: number | string }>(connection, `CHECKSUM TABLE ${quoteTable(name)}`);
  return String(row!.Checksum);
}

function columnsOf(connection: Connection, { database, table }: TableName): Promise<Column[]> {
  return rows<Column>(
    connection,
    `SELECT column_name AS name, data_type AS type, character_set_name AS characterSet,
            generation_expression <> '' AS \`generated\`
       FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`,
    [database, table],
  );
}

async function copyRows(
  from: Connection,
  source: TableName,
  to: Connection,
  target: TableName,
  signal: AbortSignal,
): Promise<void> {
  const columns = (await columnsOf(from, source)).filter(({ generated }) => !generated);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  // Text would round single precision; double precision is written so that it reads back the same.
  const selected = columns.map(({ name, type }) =>
    type === 'float' ? `CAST(${quoteName(name)} AS DOUBLE)` : quoteName(name),
  );
  // Texts come in the bytes that they are stored in: nothing is converted there and back.
  await from.query('SET SESSION character_set_results = NULL');
  const stream = (from as unknown as RawConnection).connection
    .query({
      sql: `SELECT ${selected.join(', ')} FROM ${quoteTable(source)}`,
      rowsAsArray: true,
      typeCast: (field: { buffer(): Buffer | null }) => field.buffer(),
    })
    .stream({ highWaterMark: 1000 });
  const head = `INSERT INTO ${quoteTable(target)} (${names}) VALUES `;
  let values: string[] = [];
  let bytes = 0;
  const flush = async () => {
    if (values.length > 0) await to.query(head + values.join(','));
    values = [];
    bytes = 0;
  };
  for await (const row of stream) {
    signal.throwIfAborted();
    const text = `(${row.map((value, index) => literal(value, columns[index]!)).join(',')})`;
    values.push(text);
    bytes += text.length;
    if (bytes > STATEMENT_BYTES) await flush();
  }
  await flush();
  await from.query('SET SESSION character_set_results = utf8mb4');
}

function literal(value: Buffer | null, { type, characterSet }: Column): string {
  if (value === null) return 'NULL';
  if (NUMBERS.test(type)) return value.toString('latin1');
  if (value.length === 0) return "''";
  const hex = `0x${value.toString('hex')}`;
  if (type === 'json') return `CONVERT(${hex} USING utf8mb4)`;
  if (/^(date|time|datetime|timestamp)$/.test(type)) return `_latin1 ${hex}`;
  return characterSet === null ? hex : `_${characterSet} ${hex}`;
}

async function publish(
  to: Connection,
  unfinished: TableName,
  target: TableName,
  { old, overwrite }: { old: TableName; overwrite: boolean },
): Promise<void> {
  if (!(await hasTable(to, target))) {
    await to.query(`RENAME TABLE ${quoteTable(unfinished)} TO ${quoteTable(target)}`);
    return;
  }
  if (!overwrite) throw new Error(`There is a table ${target.database}.${target.table} already.`);
  await to.query(
    `RENAME TABLE ${quoteTable(target)} TO ${quoteTable(old)}, ${quoteTable(unfinished)} TO ${quoteTable(target)}`,
  );
}

async function copyTriggers(from: Connection, source: TableName, to: Connection, target: TableName): Promise<void> {
  const triggers = await rows<{ name: string }>(
    from,
    `SELECT trigger_name AS name FROM information_schema.triggers
      WHERE event_object_schema = ? AND event_object_table = ? ORDER BY action_order`,
    [source.database, source.table],
  );
  const there = await rows<{ name: string }>(
    to,
    'SELECT trigger_name AS name FROM information_schema.triggers WHERE event_object_schema = ? AND event_object_table = ?',
    [target.database, target.table],
  );
  for (const { name } of triggers) {
    if (there.some((one) => one.name === name)) continue;
    const of = `${quoteName(source.database)}.${quoteName(name)}`;
    const [row] = await rows<Record<string, string>>(from, `SHOW CREATE TRIGGER ${of}`);
    await to.query('SET SESSION sql_mode = ?', [row!['sql_mode']]);
    await to.query(
      row!['SQL Original Statement']!.replaceAll(
        `${quoteName(source.database)}.`,
        () => `${quoteName(target.database)}.`,
      ),
    );
  }
}

/** Exactly. */
export async function countRows(connection: Connection, name: TableName): Promise<number> {
  const [row] = await rows<{ count: number | string }>(connection, `SELECT count(*) AS count FROM ${quoteTable(name)}`);
  return Number(row!.count);
}

/** The tables of people, without the system's own. */
export async function listTables(connection: Connection, databases: readonly string[] = []): Promise<TableName[]> {
  const found = await rows<TableName>(
    connection,
    `SELECT table_schema AS \`database\`, table_name AS \`table\` FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
      ORDER BY 1, 2`,
  );
  return databases.length === 0 ? found : found.filter(({ database }) => databases.includes(database));
}
