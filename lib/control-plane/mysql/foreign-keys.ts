import { quoteName, rows, type Connection } from './client.ts';

/** A table by its names as MySQL has them. */
export interface TableName {
  database: string;
  table: string;
}

export function quoteTable({ database, table }: TableName): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

/** As in what makes a table. */
interface ForeignKey {
  /** In backticks. */
  name: string;
  /** `CONSTRAINT … FOREIGN KEY … REFERENCES …` */
  text: string;
}

const CONSTRAINT = /^ {2}CONSTRAINT (`(?:[^`]|``)+`) FOREIGN KEY /;

/** What MySQL says that makes a table, without its foreign keys; and those. */
export function splitCreateText(created: string): { text: string; foreignKeys: ForeignKey[] } {
  const foreignKeys: ForeignKey[] = [];
  const lines: string[] = [];
  for (const line of created.split('\n')) {
    const name = CONSTRAINT.exec(line)?.[1];
    if (name === undefined) lines.push(line);
    else foreignKeys.push({ name, text: line.trim().replace(/,$/, '') });
  }
  const end = lines.findLastIndex((line) => line.startsWith(')'));
  if (foreignKeys.length > 0 && end > 0) lines[end - 1] = lines[end - 1]!.replace(/,$/, '');
  return { text: lines.join('\n'), foreignKeys };
}

/** Foreign keys of other tables that refer to a table refer to another from then on; no row is looked at. */
export async function pointForeignKeys(
  connection: Connection,
  { from, to }: { from: TableName; to: TableName },
): Promise<void> {
  const children = await rows<TableName & { constraint: string }>(
    connection,
    `SELECT constraint_schema AS \`database\`, table_name AS \`table\`, constraint_name AS \`constraint\`
       FROM information_schema.referential_constraints
      WHERE unique_constraint_schema = ? AND referenced_table_name = ?
        AND NOT (constraint_schema = unique_constraint_schema AND table_name = referenced_table_name)`,
    [from.database, from.table],
  );
  for (const [index, { database, table, constraint }] of children.entries()) {
    const child = quoteTable({ database, table });
    const [created] = await rows<Record<string, string>>(connection, `SHOW CREATE TABLE ${child}`);
    const name = quoteName(constraint);
    const found = splitCreateText(created!['Create Table']!).foreignKeys.find((one) => one.name === name);
    if (!found) continue;
    const rest = found.text
      .slice(`CONSTRAINT ${name}`.length)
      .replace(/(\) REFERENCES )(?:`(?:[^`]|``)+`\.)?`(?:[^`]|``)+`/, (_, before: string) => before + quoteTable(to));
    // MySQL replaces none by one of its name. At no moment there is none.
    const between = quoteName(`${from.table}_${index}`);
    await connection.query(`ALTER TABLE ${child} DROP FOREIGN KEY ${name}, ADD CONSTRAINT ${between}${rest}`);
    await connection.query(`ALTER TABLE ${child} DROP FOREIGN KEY ${between}, ADD CONSTRAINT ${name}${rest}`);
  }
}

/** Those that it has not yet. */
export async function addForeignKeys(
  to: Connection,
  target: TableName,
  foreignKeys: readonly ForeignKey[],
): Promise<void> {
  const [created] = await rows<Record<string, string>>(to, `SHOW CREATE TABLE ${quoteTable(target)}`);
  const there = new Set(splitCreateText(created!['Create Table']!).foreignKeys.map(({ name }) => name));
  const missing = foreignKeys.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return;
  await to.query(`ALTER TABLE ${quoteTable(target)} ${missing.map(({ text }) => `ADD ${text}`).join(', ')}`);
}
