/** Writers that number their rows and remember which of them were acknowledged: nothing of that may ever be lost. */
import { connect as connectSocket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';

export interface Writers {
  /** How many rows were acknowledged by now. */
  acknowledged(): number;
  /** Resolves when so many more were acknowledged. */
  progress(rows: number, withinMs: number): Promise<void>;
  stop(): Promise<WriterReport>;
}

export interface WriterReport {
  acknowledged: number;
  /** The longest time between two acknowledgements, of all writers together, in milliseconds. */
  longestGapMs: number;
  /** When it began, on the clock of `performance.now()`. */
  longestGapAt: number;
  /** Attempts to connect that were turned down. */
  refused: number;
  /** What turned them down, and what statements failed of. */
  errors: Record<string, number>;
  /** Sessions that ended under a writer. */
  lost: number;
  /** Numbers of the acknowledged rows. */
  numbers: number[];
}

export interface WriterTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Whence it connects; the system chooses where it is left out. */
  localAddress?: string;
}

const CONNECT_MS = 15_000;

export function connectTo({ host, port, user, password, localAddress }: WriterTarget): Promise<Connection> {
  // mysql2 cannot compare a certificate with an address.
  const ssl = { rejectUnauthorized: false };
  const from = localAddress ? { stream: () => connectSocket({ host, port, localAddress }) } : {};
  return createConnection({ host, port, user, password, ssl, connectTimeout: CONNECT_MS, ...from });
}

/** Makes the table that the writers write to. */
export async function prepareTable(target: WriterTarget): Promise<void> {
  const connection = await connectTo(target);
  await connection.query('CREATE DATABASE IF NOT EXISTS checker');
  await connection.query('CREATE TABLE IF NOT EXISTS checker.numbers (n BIGINT PRIMARY KEY, text VARCHAR(64))');
  await connection.end();
}

let next = 1;

/** Each writes as fast as it is answered, and connects again when its session ends. */
export function startWriters(target: WriterTarget, count: number): Writers {
  const numbers: number[] = [];
  const errors: Record<string, number> = {};
  let refused = 0;
  let lost = 0;
  let longestGapMs = 0;
  let longestGapAt = performance.now();
  let last = performance.now();
  const stopping = new AbortController();
  const goesOn = () => !stopping.signal.aborted;
  const open = new Set<Connection>();

  function noteError(failure: unknown): void {
    const { code, message } = failure as { code?: string; message: string };
    const name = code ?? message;
    errors[name] = (errors[name] ?? 0) + 1;
  }

  async function write(): Promise<void> {
    while (goesOn()) {
      let connection: Connection;
      try {
        connection = await connectTo(target);
      } catch (failure) {
        refused += 1;
        noteError(failure);
        await delay(5);
        continue;
      }
      open.add(connection);
      connection.on('error', () => {});
      try {
        while (goesOn()) {
          const number = next++;
          await connection.query('INSERT INTO checker.numbers VALUES (?, ?)', [number, `row ${number}`]);
          const now = performance.now();
          if (now - last > longestGapMs) {
            longestGapMs = now - last;
            longestGapAt = last;
          }
          last = now;
          numbers.push(number);
        }
      } catch (failure) {
        if (goesOn()) {
          lost += 1;
          noteError(failure);
        }
      } finally {
        open.delete(connection);
        connection.destroy();
      }
    }
  }

  const all = Promise.all(Array.from({ length: count }, write));
  return {
    acknowledged: () => numbers.length,
    async progress(rows, withinMs) {
      const wanted = numbers.length + rows;
      const end = performance.now() + withinMs;
      while (numbers.length < wanted) {
        if (performance.now() > end) {
          throw new Error(
            `Only ${rows - (wanted - numbers.length)} of ${rows} rows in ${withinMs} ms: ${JSON.stringify(errors)}`,
          );
        }
        await delay(5);
      }
    },
    async stop() {
      stopping.abort();
      // One that waits for an answer that does not come must not keep us.
      const patience = setTimeout(() => open.forEach((connection) => connection.destroy()), 5_000);
      await Promise.race([all, delay(CONNECT_MS + 1_000, undefined, { ref: false })]);
      clearTimeout(patience);
      return { acknowledged: numbers.length, longestGapMs, longestGapAt, refused, errors, lost, numbers };
    },
  };
}

/** Those of the acknowledged rows that are not there. */
export async function missingRows(
  connection: Pick<Connection, 'query'>,
  numbers: readonly number[],
): Promise<number[]> {
  const [found] = await connection.query<RowDataPacket[]>('SELECT n FROM checker.numbers');
  const there = new Set(found.map(({ n }) => Number(n)));
  return numbers.filter((number) => !there.has(number));
}
