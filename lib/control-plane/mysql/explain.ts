import { ArmError } from '../../arm/error.ts';
import { DAEMON_COMMON_NAME } from './certificates.ts';
import { quoteName, type Connection } from './client.ts';

/**
 * Who statements are explained as. It may read and write tables, since EXPLAIN asks for what the statement needs, but
 * commits nothing, may call no stored program, and sees no account: what it explains was written by others. Like the daemon's own
 * account it requires the daemon's certificate.
 */
export const EXPLAIN_ACCOUNT = 'flexdeck_explain';

/** On the primary. Idempotent. */
export async function ensureExplainAccount(connection: Connection): Promise<void> {
  const account = `${EXPLAIN_ACCOUNT}@localhost`;
  const identified = `IDENTIFIED WITH caching_sha2_password BY '' REQUIRE SUBJECT '/CN=${DAEMON_COMMON_NAME}'`;
  await connection.query(`CREATE USER IF NOT EXISTS ${account} ${identified}`);
  await connection.query(`GRANT SELECT, INSERT, UPDATE, DELETE, SHOW VIEW ON *.* TO ${account}`);
  // SYSTEM_USER keeps administrators from changing it.
  await connection.query(`GRANT SYSTEM_USER ON *.* TO ${account}`);
  for (const schema of ['mysql', 'sys']) {
    await connection.query(`REVOKE SELECT, INSERT, UPDATE, DELETE, SHOW VIEW ON ${schema}.* FROM ${account}`);
  }
}

const TIME_LIMIT_MS = 5_000;
const EXPLAINABLE = /^(?:\(|\s)*(select|with|table|values|insert|replace|update|delete)\b/i;

/**
 * How MySQL would run a statement: EXPLAIN FORMAT=TREE.
 *
 * @param connection signed in as {@link EXPLAIN_ACCOUNT}; of no use afterwards.
 * @param kill ends what the connection runs, when it takes too long.
 * @throws {ArmError} StatementNotExplainable 400, StatementNotExplained 409
 */
export async function explainStatement(
  connection: Connection,
  { statement, schema }: { statement: string; schema: string },
  kill: (connectionId: number) => Promise<void>,
): Promise<string> {
  if (!EXPLAINABLE.test(withoutLeadingComments(statement))) {
    throw new ArmError(
      'StatementNotExplainable',
      400,
      'Only SELECT, INSERT, REPLACE, UPDATE and DELETE can be explained.',
    );
  }
  await connection.query(
    `SET SESSION max_execution_time = ${TIME_LIMIT_MS}, lock_wait_timeout = 2,
         innodb_lock_wait_timeout = 2, long_query_time = 31536000`,
  );
  const timer = setTimeout(() => void kill(connection.threadId).catch(() => {}), TIME_LIMIT_MS);
  try {
    if (schema !== '') await connection.query(`USE ${quoteName(schema)}`);
    // MySQL explains no write in a read-only transaction; this one is never committed.
    await connection.query(isWrite(statement) ? 'START TRANSACTION' : 'START TRANSACTION READ ONLY');
    const [found] = await connection.query({ sql: `EXPLAIN FORMAT=TREE ${statement}`, timeout: 2 * TIME_LIMIT_MS });
    const tree = String(Object.values((found as Record<string, unknown>[])[0] ?? {})[0] ?? '');
    if (!tree.includes('not executable by iterator executor')) return tree;
    // Writes to one table have no tree, only rows.
    const [lines] = await connection.query({
      sql: `EXPLAIN FORMAT=TRADITIONAL ${statement}`,
      timeout: 2 * TIME_LIMIT_MS,
    });
    return (lines as Record<string, unknown>[]).map(planLine).join('\n');
  } catch (failure) {
    throw refusal(failure);
  } finally {
    clearTimeout(timer);
  }
}

function planLine({ select_type: what, table, type, key, rows, Extra: extra }: Record<string, unknown>): string {
  const access = [type && `by ${String(type)}`, key && `using ${String(key)}`].filter(Boolean).join(' ');
  return `-> ${String(what)} ${String(table ?? '')} ${access}  (rows=${String(rows ?? '?')}) ${String(extra ?? '')}`.trimEnd();
}

function isWrite(statement: string): boolean {
  return !/^(?:\(|\s)*(select|table|values)\b/i.test(withoutLeadingComments(statement));
}

function withoutLeadingComments(statement: string): string {
  return statement.replace(/^(?:\s+|\/\*(?!!)[\s\S]*?\*\/|#[^\n]*\n|--\s[^\n]*\n)+/, '');
}

/** MySQL's words may hold values of the statement: they are not passed on. */
function refusal(cause: unknown): ArmError {
  const { code } = cause as { code?: string };
  const why: Record<string, string> = {
    ER_PARSE_ERROR: 'the server remembers only its beginning',
    ER_NO_SUCH_TABLE: 'a table of it is not there any more',
    ER_BAD_DB_ERROR: 'its database is not there any more',
    ER_BAD_FIELD_ERROR: 'a column of it is not there any more',
    ER_PROCACCESS_DENIED_ERROR: 'it calls a stored program',
    ER_TABLEACCESS_DENIED_ERROR: 'it reads what only the system may read',
    ER_QUERY_INTERRUPTED: 'it took too long',
    ER_QUERY_TIMEOUT: 'it took too long',
    ER_LOCK_WAIT_TIMEOUT: 'a table of it is locked',
  };
  return new ArmError(
    'StatementNotExplained',
    409,
    `This statement cannot be explained: ${why[code ?? ''] ?? `MySQL refuses it (${code ?? 'no answer'})`}.`,
    { cause },
  );
}
