import { ArmError } from '../../arm/error.ts';
import { quoteName, rows, type Connection } from './client.ts';

/** A database as ARM shows it. */
export interface MysqlDatabase {
  name: string;
  charset: string;
  collation: string;
  /** Data and indexes as the storage engine reports them. */
  sizeBytes: number;
}

const SYSTEM_DATABASES = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

const DEFAULT_CHARSET = 'utf8mb4';
const DEFAULT_COLLATION = 'utf8mb4_0900_ai_ci';

/** MySQL's manual, "Identifier Length Limits". */
const LONGEST_NAME = 64;

/** Those that MySQL keeps for itself: not made, not dropped. */
export function isSystemDatabase(name: string): boolean {
  return SYSTEM_DATABASES.has(name.toLowerCase());
}

const SELECT_DATABASES = `
  SELECT s.schema_name AS name, s.default_character_set_name AS charset, s.default_collation_name AS collation,
         COALESCE((SELECT SUM(t.data_length + t.index_length) FROM information_schema.tables t
                    WHERE t.table_schema = s.schema_name), 0) AS sizeBytes
    FROM information_schema.schemata s`;

/** All of them by name, the system's among them, as Azure lists them. */
export async function listDatabases(connection: Connection): Promise<MysqlDatabase[]> {
  const found = await rows<MysqlDatabase>(connection, `${SELECT_DATABASES} ORDER BY s.schema_name`);
  return found.map(withNumber);
}

/** One database; undefined when there is none of that name. */
export async function findDatabase(connection: Connection, name: string): Promise<MysqlDatabase | undefined> {
  // Names are kept in lower case (lower_case_table_names = 1).
  const [found] = await rows<MysqlDatabase>(connection, `${SELECT_DATABASES} WHERE s.schema_name = ?`, [
    name.toLowerCase(),
  ]);
  return found && withNumber(found);
}

/** SUM is a DECIMAL, which the client gives as text. */
function withNumber(database: MysqlDatabase): MysqlDatabase {
  return { ...database, sizeBytes: Number(database.sizeBytes) };
}

/**
 * Makes a database, or gives one that is there this character set and collation, as ARM's PUT does.
 *
 * @param wanted with neither, MySQL's own defaults; with one, the other that belongs to it.
 * @returns what the server has then (`utf8` is called `utf8mb3`).
 * @throws {ArmError} InvalidParameterValue, targets `properties.charset`, `properties.collation` or the name.
 */
export async function createDatabase(
  connection: Connection,
  wanted: { name: string; charset?: string | undefined; collation?: string | undefined },
): Promise<MysqlDatabase> {
  checkName(wanted.name);
  const { charset, collation } = await resolveCollation(connection, wanted);
  const name = quoteName(wanted.name);
  const settings = `CHARACTER SET ${charset} COLLATE ${collation}`;
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${name} ${settings}`);
  const existing = (await findDatabase(connection, wanted.name)) as MysqlDatabase;
  if (existing.charset === charset && existing.collation === collation) return existing;
  await connection.query(`ALTER DATABASE ${name} ${settings}`);
  return { ...existing, charset, collation };
}

/** Drops it with everything in it; nothing to do when there is none. */
export async function dropDatabase(connection: Connection, name: string): Promise<void> {
  checkName(name);
  await connection.query(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
}

/** @throws {ArmError} when MySQL could not have a database of that name, or has it for itself. */
export function checkName(name: string): void {
  const refuse = (why: string) => {
    throw new ArmError('InvalidParameterValue', 400, `${JSON.stringify(name)} cannot be a database's name: ${why}`, {
      target: 'databaseName',
    });
  };
  if (isSystemDatabase(name)) refuse('MySQL keeps it for itself. Choose another.');
  if (name.length === 0 || name.length > LONGEST_NAME) refuse(`it must have 1 to ${LONGEST_NAME} characters.`);
  // NUL and characters beyond the basic plane cannot be in identifiers; control characters, slashes and dots only do harm.
  if (!/^[^\p{Cc}\p{Cs}\u{10000}-\u{10ffff}/\\.]+$/u.test(name)) {
    refuse('it must have no control characters, slashes, dots or emoji.');
  }
  if (/\s$/.test(name)) refuse('it must not end in a space.');
}

/** The CLI of Azure sends `utf8` and `utf8_general_ci`, which MySQL 8.4 and newer name in full only. */
function currentName(name: string): string {
  return name.toLowerCase().replace(/^utf8(?=$|_)/, 'utf8mb3');
}

async function resolveCollation(
  connection: Connection,
  { charset, collation }: { charset?: string | undefined; collation?: string | undefined },
): Promise<{ charset: string; collation: string }> {
  if (charset === undefined && collation === undefined) {
    return { charset: DEFAULT_CHARSET, collation: DEFAULT_COLLATION };
  }
  const known = await rows<{ charset: string; collation: string; isDefault: number }>(
    connection,
    `SELECT character_set_name AS charset, collation_name AS collation, is_default = 'Yes' AS isDefault
       FROM information_schema.collations`,
  );
  if (charset !== undefined && !known.some((one) => one.charset === currentName(charset))) {
    throw new ArmError('InvalidParameterValue', 400, `This server has no character set '${charset}'.`, {
      target: 'properties.charset',
    });
  }
  const candidates = known.filter((one) => charset === undefined || one.charset === currentName(charset));
  const found = candidates.find((one) =>
    collation === undefined ? one.isDefault === 1 : one.collation === currentName(collation),
  );
  if (found) return { charset: found.charset, collation: found.collation };
  const exists = known.some((one) => one.collation === currentName(collation as string));
  throw new ArmError(
    'InvalidParameterValue',
    400,
    exists
      ? `Collation '${collation}' does not belong to character set '${charset}'.`
      : `This server has no collation '${collation}'.`,
    { target: 'properties.collation' },
  );
}
