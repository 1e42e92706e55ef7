import { zstdDecompressSync } from 'node:zlib';
import type { BackupEventKind } from '../../arm/local/backup.ts';
import { EVENT, lengthEncoded, readHeader, readQuery, type QueryEvent } from './binlog-events.ts';
import { countRows, readTableMap, type TableMap } from './binlog-rows.ts';

/** Something in a transaction that people may wish to go back to the moment before. */
export interface ChangeEvent {
  kind: BackupEventKind;
  database: string | null;
  table: string | null;
  /** What was said, without secrets; null for changes of rows. */
  statement: string | null;
  rows: number | null;
}

const STATEMENT_CHARACTERS = 1000;
const PAYLOAD_LIMIT = 64 * 1024 * 1024;

const DDL: readonly { pattern: RegExp; kind: BackupEventKind; names: 'table' | 'database' | 'none' }[] = [
  { pattern: /^DROP\s+(?:TEMPORARY\s+)?TABLES?\s+(?:IF\s+EXISTS\s+)?/i, kind: 'DropTable', names: 'table' },
  { pattern: /^DROP\s+(?:DATABASE|SCHEMA)\s+(?:IF\s+EXISTS\s+)?/i, kind: 'DropDatabase', names: 'database' },
  { pattern: /^TRUNCATE\s+(?:TABLE\s+)?/i, kind: 'Truncate', names: 'table' },
  { pattern: /^ALTER\s+TABLE\s+/i, kind: 'AlterTable', names: 'table' },
  { pattern: /^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?/i, kind: 'CreateTable', names: 'table' },
  { pattern: /^(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE)\b/i, kind: 'OtherDdl', names: 'none' },
  { pattern: /^(?:CREATE|ALTER|DROP|RENAME)\b/i, kind: 'OtherDdl', names: 'none' },
];

/** Statements that carry passwords or their hashes: the log is asked for nothing but their first words. */
const SECRET = /^(?:(?:CREATE|ALTER)\s+(?:USER|SERVER)|SET\s+PASSWORD|GRANT)\b/i;

/** What a statement in the log does, where it changes what there is and not only rows. */
function describeStatement({ schema, query }: QueryEvent): ChangeEvent | undefined {
  const text = query.replace(/^(?:\s|\/\*(?!!).*?\*\/|--[^\n]*\n|#[^\n]*\n)+/s, '').replace(/^\/\*!\d*\s*/, '');
  const row = DDL.find(({ pattern }) => pattern.test(text));
  if (!row) return undefined;
  const rest = text.replace(row.pattern, '');
  const named = row.names === 'none' ? undefined : firstName(rest);
  const isDatabase = row.names === 'database';
  const shown = SECRET.test(text) ? `${text.split(/\s+/, 2).join(' ')} …` : text.trim();
  return {
    kind: row.kind,
    database: isDatabase ? (named?.name ?? schema) : (named?.schema ?? (schema || null)),
    table: isDatabase ? null : (named?.name ?? null),
    statement: shown.length > STATEMENT_CHARACTERS ? `${shown.slice(0, STATEMENT_CHARACTERS)}…` : shown,
    rows: null,
  };
}

/** `a`, `` `a` ``, `b.a`, `` `b`.`a` `` at the start of the text. */
function firstName(text: string): { schema?: string; name: string } | undefined {
  const name = '(?:`((?:[^`]|``)+)`|([\\w$\\u0080-\\uffff-]+))';
  const found = new RegExp(`^${name}(?:\\s*\\.\\s*${name})?`).exec(text);
  if (!found) return undefined;
  const one = (found[1]?.replaceAll('``', '`') ?? found[2])!;
  const two = found[3]?.replaceAll('``', '`') ?? found[4];
  return two === undefined ? { name: one } : { schema: one, name: two };
}

/** Looks through one transaction as its events come by. */
export class TransactionReader {
  readonly #maps = new Map<number, TableMap>();
  readonly #counts = new Map<string, { database: string; table: string; deleted: number; updated: number }>();
  readonly #statements: ChangeEvent[] = [];
  readonly #checksum: boolean;

  constructor(checksum: boolean) {
    this.#checksum = checksum;
  }

  read(event: Buffer, checksum = this.#checksum): void {
    const { type } = readHeader(event);
    if (type === EVENT.query) {
      const found = describeStatement(readQuery(event, checksum));
      if (found) this.#statements.push(found);
    } else if (type === EVENT.tableMap) {
      const map = readTableMap(event);
      this.#maps.set(map.tableId, map);
    } else if (type === EVENT.deleteRows || type === EVENT.updateRows) {
      this.#count(event, type === EVENT.deleteRows ? 'deleted' : 'updated', checksum);
    } else if (type === EVENT.transactionPayload) {
      for (const inner of payloadEvents(event)) this.read(inner, false);
    }
  }

  /** @param bigChangeRows from how many rows on of one table a change is worth a mark. */
  finish(bigChangeRows: number): ChangeEvent[] {
    const big = [...this.#counts.values()].flatMap(({ database, table, deleted, updated }): ChangeEvent[] => {
      const of = { database, table, statement: null };
      return [
        ...(deleted >= bigChangeRows ? [{ ...of, kind: 'BigDelete' as const, rows: deleted }] : []),
        ...(updated >= bigChangeRows ? [{ ...of, kind: 'BigUpdate' as const, rows: updated }] : []),
      ];
    });
    return [...this.#statements, ...big];
  }

  #count(event: Buffer, what: 'deleted' | 'updated', checksum: boolean): void {
    const map = this.#maps.get(event.readUIntLE(19, 6));
    if (!map) return;
    const key = `${map.database}.${map.table}`;
    const counts = this.#counts.get(key) ?? { database: map.database, table: map.table, deleted: 0, updated: 0 };
    counts[what] += countRows(event, map, what === 'deleted' ? 1 : 2, checksum) ?? 0;
    this.#counts.set(key, counts);
  }
}

/** The events in a compressed transaction (`binlog_transaction_compression`). */
function* payloadEvents(event: Buffer): Generator<Buffer> {
  let at = 19;
  let compression = 255;
  let plainBytes = 0;
  let storedBytes = 0;
  for (;;) {
    const [field, afterField] = lengthEncoded(event, at);
    if (field === 0) {
      at = afterField;
      break;
    }
    const [length, valueAt] = lengthEncoded(event, afterField);
    if (field === 1) [storedBytes] = lengthEncoded(event, valueAt);
    if (field === 2) [compression] = lengthEncoded(event, valueAt);
    if (field === 3) [plainBytes] = lengthEncoded(event, valueAt);
    at = valueAt + length;
  }
  if (plainBytes > PAYLOAD_LIMIT) return;
  const body = event.subarray(at, at + storedBytes);
  // 0 is ZSTD, 255 none.
  const plain = compression === 0 ? zstdDecompressSync(body, { maxOutputLength: PAYLOAD_LIMIT }) : body;
  for (let from = 0; from + 19 <= plain.length;) {
    const { size } = readHeader(plain.subarray(from));
    if (size < 19) return;
    yield plain.subarray(from, from + size);
    from += size;
  }
}
