/** The thread of a rehearsal's writers. */
import { connect as connectSocket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createConnection, type Connection } from 'mysql2/promise';
import type { ThreadMessage, WriterTarget } from './rehearsal-writers.ts';

const { host, port, from, user, password, schema, certificateAuthority, writers } = workerData as WriterTarget;

/** As long as a client that is let wait through a failover would wait. */
const CONNECT_MS = 30_000;
/** Each writer begins a row this often at most: a gap is seen to the millisecond, and the server is not busy with it. */
const EVERY_MS = 4;
const AGAIN_MS = 5;
const TELL_EVERY_MS = 50;
/** A statement that is not answered keeps nobody waiting at the end. */
const END_MS = 3_000;

const numbers: number[] = [];
const acknowledgedAt: number[] = [];
const refusedAt: number[] = [];
const lostAt: number[] = [];
const errors: Record<string, number> = {};
const open = new Set<Connection>();
let failure: string | undefined;
let next = 1;
const stopping = new AbortController();
const goesOn = () => !stopping.signal.aborted;

const now = () => performance.timeOrigin + performance.now();

function note(thrown: unknown): void {
  const { code, message } = thrown as { code?: string; message: string };
  // mysql2's words for a statement on a connection whose end it has seen a moment before.
  const name = code ?? (message.includes('closed state') ? 'PROTOCOL_CONNECTION_LOST' : message);
  errors[name] = (errors[name] ?? 0) + 1;
  failure = message;
}

function connect(): Promise<Connection> {
  const stream = () => connectSocket({ host, port, localAddress: from, noDelay: true });
  return createConnection({
    stream,
    user,
    password,
    database: schema,
    ssl: { ca: certificateAuthority },
    connectTimeout: CONNECT_MS,
  });
}

async function write(): Promise<void> {
  while (goesOn()) {
    let connection: Connection;
    try {
      connection = await connect();
    } catch (thrown) {
      refusedAt.push(now());
      note(thrown);
      await delay(AGAIN_MS);
      continue;
    }
    connection.on('error', () => {});
    open.add(connection);
    try {
      while (goesOn()) {
        const begun = now();
        const number = next++;
        await connection.query('INSERT INTO written (number, text) VALUES (?, ?)', [number, `row ${number}`]);
        const at = now();
        numbers.push(number);
        acknowledgedAt.push(at);
        await delay(Math.max(0, EVERY_MS - (at - begun)));
      }
    } catch (thrown) {
      if (goesOn()) {
        lostAt.push(now());
        note(thrown);
      }
    } finally {
      open.delete(connection);
      connection.destroy();
    }
  }
}

function tell(message: ThreadMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort!.postMessage(message);
}

const all = Promise.all(Array.from({ length: writers }, write));
const telling = setInterval(() => tell({ acknowledged: numbers.length, failure }), TELL_EVERY_MS);

parentPort!.once('message', async () => {
  stopping.abort();
  clearInterval(telling);
  await Promise.race([all, delay(END_MS)]);
  open.forEach((connection) => connection.destroy());
  tell({
    record: {
      numbers: Int32Array.from(numbers),
      acknowledgedAt: Float64Array.from(acknowledgedAt),
      refusedAt,
      lostAt,
      errors,
    },
  });
});
