import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConnectionEvent } from '../gateway/protocol.ts';
import { formatBytes } from '../../rules/bytes.ts';

/** A line of the connection log: Azure's names of its audit log's connection events where it has one. */
export interface ConnectionLine {
  event_time: string;
  event_class: 'connection_log';
  event_subclass: 'CONNECT' | 'DISCONNECT' | 'FAILED CONNECT' | 'MISSED';
  connection_id: number | null;
  ip: string;
  port: number;
  /** Who signed in; null where that is not known: the session was over too soon, or never signed in. */
  user: string | null;
  db: string | null;
  reason?: ConnectionEvent['reason'];
  duration_ms?: number | undefined;
  bytes_in?: number | undefined;
  bytes_out?: number | undefined;
  /** Of `MISSED`. */
  count?: number;
}

/** Who is behind a connection, as MySQL knows it. */
export interface ConnectedUser {
  user: string | null;
  db: string | null;
}

const SUBCLASSES = { connected: 'CONNECT', disconnected: 'DISCONNECT', refused: 'FAILED CONNECT' } as const;

export function connectionLine(event: ConnectionEvent, who: ConnectedUser | undefined): ConnectionLine {
  const { at, kind, connectionId, clientAddress, clientPort, reason, durationMs, bytesIn, bytesOut } = event;
  return {
    event_time: new Date(at).toISOString(),
    event_class: 'connection_log',
    event_subclass: SUBCLASSES[kind],
    connection_id: connectionId,
    ip: clientAddress,
    port: clientPort,
    user: who?.user ?? null,
    db: who?.db ?? null,
    ...(reason && { reason }),
    ...(durationMs !== undefined && { duration_ms: durationMs, bytes_in: bytesIn, bytes_out: bytesOut }),
  };
}

/** Says in the log that it is not whole. */
export function missedLine(at: number, count: number): ConnectionLine {
  return {
    event_time: new Date(at).toISOString(),
    event_class: 'connection_log',
    event_subclass: 'MISSED',
    connection_id: null,
    ip: '',
    port: 0,
    user: null,
    db: null,
    count,
  };
}

/** Lines at the end of the log, which is the owner's alone. */
export async function appendConnectionLines(path: string, lines: readonly ConnectionLine[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await appendFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
}

const REASONS: Record<NonNullable<ConnectionEvent['reason']>, string> = {
  firewall: 'no firewall rule allows this address',
  closed: 'the server was stopped or starting',
  full: 'all connections of max_connections were taken',
  insecureTransport: 'it did not ask for TLS',
  unreachable: 'MySQL did not take the connection',
  handshakeTimeout: 'it said nothing for ten seconds',
  cut: 'ended by a changed firewall rule, a failover, a stop or the like',
};

/** A line for people. */
export function connectionWords(line: Partial<ConnectionLine>): string {
  const { event_subclass: what, reason, duration_ms: ms, bytes_in: received, bytes_out: sent, count } = line;
  const why = reason ? `: ${REASONS[reason] ?? reason}` : '';
  switch (what) {
    case 'CONNECT':
      return 'Connected';
    case 'DISCONNECT':
      return `Disconnected after ${((ms ?? 0) / 1000).toFixed(1)} s; ${formatBytes(received ?? 0)} in, ${formatBytes(sent ?? 0)} out${why}`;
    case 'FAILED CONNECT':
      return `Refused${why}`;
    default:
      return `${count ?? 'Some'} connections and refusals before this were not written down: Flexdeck was not there to read them`;
  }
}
