import { quoteName, rows, type Connection } from './client.ts';

const MOST = 100;

export interface UnusedIndex {
  database: string;
  table: string;
  index: string;
  sizeBytes: number;
}

export interface RedundantIndex extends Omit<UnusedIndex, 'sizeBytes'> {
  columns: string;
  /** Which other one does the same. */
  dominant: string;
  dominantColumns: string;
}

export interface IndexFacts {
  uptimeSeconds: number;
  unused: UnusedIndex[];
  redundant: RedundantIndex[];
}

/** Indexes that nothing read since mysqld started, and those that another one makes superfluous: sys has both. */
export async function readIndexFacts(connection: Connection): Promise<IndexFacts> {
  const [uptime] = await rows<{ seconds: string }>(
    connection,
    `SELECT variable_value AS seconds FROM performance_schema.global_status WHERE variable_name = 'Uptime'`,
  );
  const unused = await rows<UnusedIndex>(
    connection,
    `SELECT u.object_schema AS \`database\`, u.object_name AS \`table\`, u.index_name AS \`index\`,
            IFNULL(s.stat_value * @@innodb_page_size, 0) AS sizeBytes
       FROM sys.schema_unused_indexes u
       LEFT JOIN mysql.innodb_index_stats s ON s.database_name = u.object_schema AND s.table_name = u.object_name
        AND s.index_name = u.index_name AND s.stat_name = 'size'
      WHERE u.object_schema NOT IN ('mysql', 'sys', 'performance_schema') AND NOT EXISTS (
                        SELECT 1 FROM information_schema.statistics i
                         WHERE i.table_schema = u.object_schema AND i.table_name = u.object_name
                           AND i.index_name = u.index_name AND i.non_unique = 0)
      ORDER BY sizeBytes DESC LIMIT ${MOST}`,
  );
  const redundant = await rows<RedundantIndex>(
    connection,
    `SELECT table_schema AS \`database\`, table_name AS \`table\`, redundant_index_name AS \`index\`,
            redundant_index_columns AS columns, dominant_index_name AS dominant,
            dominant_index_columns AS dominantColumns
       FROM sys.schema_redundant_indexes LIMIT ${MOST}`,
  );
  return {
    uptimeSeconds: Number(uptime?.seconds ?? 0),
    unused: unused.map((index) => ({ ...index, sizeBytes: Number(index.sizeBytes) })),
    redundant,
  };
}

/** Columns of a table by name, each with whether an index begins with it; undefined for no such table. */
export async function readIndexedColumns(
  connection: Connection,
  { database, table }: { database: string; table: string },
): Promise<Map<string, boolean> | undefined> {
  const found = await rows<{ name: string; isIndexed: number }>(
    connection,
    `SELECT c.column_name AS name, EXISTS (
              SELECT 1 FROM information_schema.statistics s WHERE s.table_schema = c.table_schema
                 AND s.table_name = c.table_name AND s.column_name = c.column_name AND s.seq_in_index = 1) AS isIndexed
       FROM information_schema.columns c WHERE c.table_schema = ? AND c.table_name = ?`,
    [database, table],
  );
  if (found.length === 0) return undefined;
  return new Map(found.map(({ name, isIndexed }) => [name.toLowerCase(), isIndexed === 1]));
}

export function dropIndexStatement({ database, table, index }: Omit<UnusedIndex, 'sizeBytes'>): string {
  return `ALTER TABLE ${quoteName(database)}.${quoteName(table)} DROP INDEX ${quoteName(index)}`;
}

export function addIndexStatement(table: { database: string; table: string }, columns: readonly string[]): string {
  const list = columns.map(quoteName).join(', ');
  return `ALTER TABLE ${quoteName(table.database)}.${quoteName(table.table)} ADD INDEX (${list})`;
}
