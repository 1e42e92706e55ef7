import type { LogEntry, LogKind } from '../../arm/local/log-entry.ts';
import { OWN_ACCOUNTS } from '../mysql/client.ts';
import { connectionWords, type ConnectionLine } from './connection-log.ts';

/** Azure cuts logged statements here; the files have all of them. */
const TEXT_LIMIT = 2048;

const STARTS: Record<LogKind, RegExp> = {
  slowlog: /^# Time: (\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))/,
  errorlog: /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) /,
  connectionlog: /^\{"event_time":"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/,
};
const SLOW_MARK = Buffer.from('# Time: ');
const LINE_END = 0x0a;

/** Where entries begin in a piece of a log. The piece begins with a line. */
export function entryStarts(kind: LogKind, piece: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at >= 0 && at < piece.length;) {
    const isStart =
      kind === 'slowlog'
        ? piece.subarray(at, at + SLOW_MARK.length).equals(SLOW_MARK)
        : STARTS[kind].test(piece.toString('latin1', at, at + 60));
    if (isStart) starts.push(at);
    const end = piece.indexOf(LINE_END, at);
    at = end < 0 ? -1 : end + 1;
  }
  return starts;
}

/** One entry of a log; undefined for what is none, and for what Flexdeck itself ran. */
export function parseEntry(kind: LogKind, text: string, id: string): LogEntry | undefined {
  if (kind === 'connectionlog') return parseConnection(text, id);
  return kind === 'slowlog' ? parseSlowQuery(text, id) : parseError(text, id);
}

function parseConnection(text: string, id: string): LogEntry | undefined {
  let line: Partial<ConnectionLine>;
  try {
    line = JSON.parse(text) as Partial<ConnectionLine>;
  } catch {
    // Half written when the disk was full.
    return undefined;
  }
  const { event_time: time, event_subclass: what, user, db, ip, port, connection_id: connectionId } = line;
  if (!time || !what) return undefined;
  return withoutUndefined({
    id,
    time,
    text: connectionWords(line),
    isCut: false,
    level: what === 'FAILED CONNECT' || what === 'MISSED' ? 'Warning' : undefined,
    user: user ?? undefined,
    database: db ?? undefined,
    clientAddress: ip ? `${ip}:${port}` : undefined,
    connectionId: connectionId ?? undefined,
  });
}

const ERROR = /^(\S+) \d+ \[(\w+)\] \[(MY-\d+)\] \[([^\]]*)\] ([\s\S]*)$/;

function parseError(text: string, id: string): LogEntry | undefined {
  const time = STARTS.errorlog.exec(text)?.[1];
  if (!time) return undefined;
  const [, , level, code, subsystem, message] = ERROR.exec(text) ?? [];
  if (message === undefined) return { id, time, ...cut(text.slice(time.length + 1)) };
  return { id, time, level: level!, code: code!, subsystem: subsystem!, ...cut(message) };
}

function parseSlowQuery(entry: string, id: string): LogEntry | undefined {
  const time = STARTS.slowlog.exec(entry)?.[1];
  if (!time) return undefined;
  const lines = entry.split('\n');
  const head = lines.filter((line) => line.startsWith('# ')).join('\n');
  const rest = lines.slice(lines.findLastIndex((line, index) => index < 6 && line.startsWith('# ')) + 1);
  const user = /^# User@Host: \S*\[(.*?)\] @/m.exec(head)?.[1];
  if (user !== undefined && OWN_ACCOUNTS.includes(user)) return undefined;
  let database: string | undefined;
  while (rest[0] !== undefined && /^(use .*|SET timestamp=\d+);$/.test(rest[0])) {
    const line = rest.shift()!;
    if (line.startsWith('use ')) database = line.slice(4, -1);
  }
  const number = (name: string) => {
    const found = new RegExp(`\\b${name}: +([\\d.]+)`).exec(head)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  return withoutUndefined({
    id,
    time,
    ...cut(rest.join('\n').trim()),
    user,
    connectionId: number('Id'),
    database,
    seconds: number('Query_time'),
    lockSeconds: number('Lock_time'),
    rowsSent: number('Rows_sent'),
    rowsExamined: number('Rows_examined'),
  });
}

function cut(text: string): { text: string; isCut: boolean } {
  const trimmed = text.trimEnd();
  return trimmed.length > TEXT_LIMIT
    ? { text: trimmed.slice(0, TEXT_LIMIT), isCut: true }
    : { text: trimmed, isCut: false };
}

function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
