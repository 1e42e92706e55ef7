import { quoteName, rows, type Connection } from './client.ts';

/** A table by its names as MySQL has them. */
export interface TableName {
  database: string;
  table: string;
}

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
const NUMBERS = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)$/;

export function quoteTable({ database, table }: TableName): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

/**
 * Copies a table with its rows, indexes and, where it keeps its name, its triggers to another server. The new one appears
 * under its name when it is whole; until then it has another.
 *
 * @param options.overwrite what there is under that name goes, at the same moment.
 * @returns how many rows.
 * @throws {Error} when the copy has not as many rows as the original.
 */
export async function copyTable(
  from: Connection,
  source: TableName,
  to: Connection,
  target: TableName,
  options: { overwrite: boolean; suffix: string; signal: AbortSignal; progress(rows: number): void },
): Promise<number> {
  const [created] = await rows<Record<string, string>>(from, `SHOW CREATE TABLE ${quoteTable(source)}`);
  const unfinished = { database: target.database, table: `${UNFINISHED_TABLE}${options.suffix}` };
  // Asked first: the statement is in the log, and on the timeline, whether it does anything or not.
  const there = await rows(to, 'SELECT 1 FROM information_schema.schemata WHERE schema_name = ?', [target.database]);
  if (there.length === 0) await to.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(target.database)}`);
  await to.query('SET SESSION sql_generate_invisible_primary_key = OFF, SESSION foreign_key_checks = OFF');
  await to.query(`USE ${quoteName(target.database)}`);
  await to.query(`DROP TABLE IF EXISTS ${quoteTable(unfinished)}`);
  await to.query(createText(created!['Create Table']!, quoteTable(unfinished)));
  const copied = await copyRows(from, source, to, unfinished, options);
  const expected = await countRows(from, source);
  const found = await countRows(to, unfinished);
  if (found !== expected) throw new Error(`The copy of ${source.table} has ${found} rows, not ${expected}.`);
  await publish(to, unfinished, target, options.overwrite);
  if (source.table === target.table) await copyTriggers(from, source, to, target);
  return copied;
}

/** Names of constraints are unique in a database: the copy gets names of its own while the original is there. */
function createText(text: string, name: string): string {
  return text
    .replace(/^CREATE TABLE `(?:[^`]|``)+`/, `CREATE TABLE ${name}`)
    .replaceAll(/CONSTRAINT `(?:[^`]|``)+` (FOREIGN KEY|CHECK)/g, '$1');
}

async function copyRows(
  from: Connection,
  source: TableName,
  to: Connection,
  target: TableName,
  { signal, progress }: { signal: AbortSignal; progress(rows: number): void },
): Promise<number> {
  const columns = (
    await rows<Column>(
      from,
      `SELECT column_name AS name, data_type AS type, character_set_name AS characterSet,
              generation_expression <> '' AS \`generated\`
         FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`,
      [source.database, source.table],
    )
  ).filter(({ generated }) => !generated);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  // Text would round single precision; double precision is written so that it reads back the same.
  const selected = columns.map(({ name, type }) =>
    type === 'float' ? `CAST(${quoteName(name)} AS DOUBLE)` : quoteName(name),
  );
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
  let count = 0;
  const flush = async () => {
    if (values.length > 0) await to.query(head + values.join(','));
    values = [];
    bytes = 0;
    progress(count);
  };
  for await (const row of stream) {
    signal.throwIfAborted();
    const text = `(${row.map((value, index) => literal(value, columns[index]!)).join(',')})`;
    values.push(text);
    bytes += text.length;
    count += 1;
    if (bytes > STATEMENT_BYTES) await flush();
  }
  await flush();
  return count;
}

function literal(value: Buffer | null, { type, characterSet }: Column): string {
  if (value === null) return 'NULL';
  if (NUMBERS.test(type)) return value.toString('latin1');
  if (value.length === 0) return "''";
  const hex = `0x${value.toString('hex')}`;
  if (type === 'json') return `CONVERT(${hex} USING utf8mb4)`;
  return characterSet === null && !/^(date|time|datetime|timestamp)$/.test(type) ? hex : `_utf8mb4 ${hex}`;
}

async function publish(to: Connection, unfinished: TableName, target: TableName, overwrite: boolean): Promise<void> {
  const [existing] = await rows(
    to,
    'SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
    [target.database, target.table],
  );
  if (!existing) {
    await to.query(`RENAME TABLE ${quoteTable(unfinished)} TO ${quoteTable(target)}`);
    return;
  }
  if (!overwrite) throw new Error(`There is a table ${target.database}.${target.table} already.`);
  const old = { database: target.database, table: `${unfinished.table}_old` };
  await to.query(
    `RENAME TABLE ${quoteTable(target)} TO ${quoteTable(old)}, ${quoteTable(unfinished)} TO ${quoteTable(target)}`,
  );
  await to.query(`DROP TABLE ${quoteTable(old)}`);
}

async function copyTriggers(from: Connection, source: TableName, to: Connection, target: TableName): Promise<void> {
  const triggers = await rows<{ name: string }>(
    from,
    `SELECT trigger_name AS name FROM information_schema.triggers
      WHERE event_object_schema = ? AND event_object_table = ? ORDER BY action_order`,
    [source.database, source.table],
  );
  for (const { name } of triggers) {
    const of = `${quoteName(source.database)}.${quoteName(name)}`;
    const [row] = await rows<Record<string, string>>(from, `SHOW CREATE TRIGGER ${of}`);
    await to.query('SET SESSION sql_mode = ?', [row!['sql_mode']]);
    await to.query(
      row!['SQL Original Statement']!.replaceAll(`${quoteName(source.database)}.`, `${quoteName(target.database)}.`),
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
