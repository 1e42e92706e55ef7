import { rows, type Connection } from './client.ts';

/** As MySQL calls it; an event of one of the last two does not run. */
export type EventStatus = 'ENABLED' | 'DISABLED' | 'REPLICA_SIDE_DISABLED';

/** What a statement in the log does to whether events run. Names as they were written. */
export type EventChange =
  | { kind: 'create'; schema: string; name: string; status: EventStatus; ifNotExists: boolean }
  | {
      kind: 'alter';
      schema: string;
      name: string;
      status: EventStatus | null;
      to: { schema: string; name: string } | null;
    }
  | { kind: 'drop'; schema: string; name: string }
  | { kind: 'dropDatabase'; schema: string };

/** An event of a server, and MySQL's word for whether it runs. */
export interface EventState {
  schema: string;
  name: string;
  status: string;
}

interface Token {
  kind: 'word' | 'name' | 'text' | 'mark';
  value: string;
}

const TOKEN =
  /\s+|--[ \t][^\n]*|#[^\n]*|\/\*!\d*|\*\/|\/\*.*?\*\/|`((?:[^`]|``)*)`|'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"|([\w$\u0080-\uffff]+)|(.)/gsy;

/** Too short for a statement on events: the BEGIN of each transaction, above all. */
const SHORTEST = 12;

/**
 * What a statement does to events: undefined for nearly all. MySQL does not keep that when it replays a log: it disables
 * each event that is created or altered by a replica's applier (its manual, "Replication of Invoked Features").
 */
export function readEventChange({ schema, query }: { schema: string; query: string }): EventChange | undefined {
  if (query.length < SHORTEST || !/\b(?:EVENT|DATABASE|SCHEMA)\b/i.test(query)) return undefined;
  const reader = new Statement(query);
  const verb = reader.word();
  if (verb === 'DROP' && (reader.take('DATABASE') || reader.take('SCHEMA'))) {
    reader.ifExists();
    const name = reader.name();
    return name === undefined ? undefined : { kind: 'dropDatabase', schema: name };
  }
  if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return undefined;
  if (reader.take('DEFINER')) reader.skipAccount();
  if (!reader.take('EVENT')) return undefined;
  const ifNotExists = reader.ifExists();
  const event = reader.qualified(schema);
  if (!event) return undefined;
  if (verb === 'DROP') return { kind: 'drop', ...event };
  const { status, to } = reader.clauses(schema);
  return verb === 'CREATE'
    ? { kind: 'create', ...event, status: status ?? 'ENABLED', ifNotExists }
    : { kind: 'alter', ...event, status, to };
}

export async function readEventStates(connection: Connection): Promise<EventState[]> {
  return rows<EventState>(
    connection,
    'SELECT event_schema AS `schema`, event_name AS name, status AS status FROM information_schema.events ORDER BY 1, 2',
  );
}

/**
 * Events that were to run once, and whose time had come by a moment: to be disabled, or they would run once more.
 *
 * @param moment microseconds.
 */
export async function readPastEvents(connection: Connection, moment: number): Promise<EventState[]> {
  return rows<EventState>(
    connection,
    `SELECT event_schema AS \`schema\`, event_name AS name, 'DISABLED' AS status FROM information_schema.events
      WHERE event_type = 'ONE TIME' AND CONVERT_TZ(execute_at, time_zone, '+00:00') <= ?`,
    [new Date(moment / 1000).toISOString().slice(0, 19).replace('T', ' ')],
  );
}

/** @returns what there is after the changes, and whether it runs. Names count in whatever case they are written. */
export function applyEventChanges(before: readonly EventState[], changes: readonly EventChange[]): EventState[] {
  const events = new Map(before.map((event) => [keyOf(event), event]));
  for (const change of changes) {
    if (change.kind === 'dropDatabase') {
      for (const [key, { schema }] of events)
        if (schema.toLowerCase() === change.schema.toLowerCase()) events.delete(key);
      continue;
    }
    const { schema, name } = change;
    const key = keyOf(change);
    const known = events.get(key);
    if (change.kind === 'drop') events.delete(key);
    else if (change.kind === 'create') {
      if (!known || !change.ifNotExists) events.set(key, { schema, name, status: change.status });
    } else {
      const after = change.to ?? { schema, name };
      events.delete(key);
      events.set(keyOf(after), { ...after, status: change.status ?? known?.status ?? 'ENABLED' });
    }
  }
  return [...events.values()];
}

function keyOf({ schema, name }: { schema: string; name: string }): string {
  return `${schema}\0${name}`.toLowerCase();
}

/** One statement, read from its beginning on. */
class Statement {
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = [...tokensOf(text)];
  }

  word(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word') return undefined;
    this.#at += 1;
    return token.value.toUpperCase();
  }

  /** Whether that comes next; it is passed over then. */
  take(word: string): boolean {
    const token = this.#tokens[this.#at];
    const isNext = token?.kind === 'word' && token.value.toUpperCase() === word;
    if (isNext) this.#at += 1;
    return isNext;
  }

  /** IF EXISTS, IF NOT EXISTS. */
  ifExists(): boolean {
    if (!this.take('IF')) return false;
    this.take('NOT');
    return this.take('EXISTS');
  }

  /** `= user@host`, `= CURRENT_USER()` */
  skipAccount(): void {
    this.#mark('=');
    const isCurrent = this.take('CURRENT_USER');
    if (isCurrent) {
      if (this.#mark('(')) this.#mark(')');
      return;
    }
    this.name();
    if (this.#mark('@')) this.name();
  }

  name(): string | undefined {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === 'mark') return undefined;
    this.#at += 1;
    return token.value;
  }

  /** `name` or `schema.name` */
  qualified(schema: string): { schema: string; name: string } | undefined {
    const first = this.name();
    if (first === undefined) return undefined;
    if (!this.#mark('.')) return { schema, name: first };
    const name = this.name();
    return name === undefined ? undefined : { schema: first, name };
  }

  /** What stands between the name and the body. */
  clauses(schema: string): { status: EventStatus | null; to: { schema: string; name: string } | null } {
    let status: EventStatus | null = null;
    let to: { schema: string; name: string } | null = null;
    let depth = 0;
    while (this.#at < this.#tokens.length) {
      if (this.#mark('(')) depth += 1;
      else if (this.#mark(')')) depth -= 1;
      else if (depth > 0) this.#at += 1;
      else if (this.take('DO')) break;
      else if (this.take('COMMENT')) this.#at += 1;
      else if (this.take('ENABLE')) status = 'ENABLED';
      else if (this.take('DISABLE')) {
        const isOnReplica = this.take('ON') && (this.take('REPLICA') || this.take('SLAVE'));
        status = isOnReplica ? 'REPLICA_SIDE_DISABLED' : 'DISABLED';
      } else if (this.take('RENAME')) {
        this.take('TO');
        to = this.qualified(schema) ?? null;
      } else this.#at += 1;
    }
    return { status, to };
  }

  #mark(value: string): boolean {
    const token = this.#tokens[this.#at];
    const isNext = token?.kind === 'mark' && token.value === value;
    if (isNext) this.#at += 1;
    return isNext;
  }
}

function* tokensOf(text: string): Generator<Token> {
  for (const [, name, single, double, word, mark] of text.matchAll(TOKEN)) {
    if (name !== undefined) yield { kind: 'name', value: name.replaceAll('``', '`') };
    else if (single !== undefined) yield { kind: 'text', value: single };
    else if (double !== undefined) yield { kind: 'text', value: double.replaceAll('""', '"') };
    else if (word !== undefined) yield { kind: 'word', value: word };
    else if (mark !== undefined) yield { kind: 'mark', value: mark };
  }
}
