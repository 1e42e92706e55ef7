/**
 * Writers for the bench of backups, in a process of their own so that they hold nobody else up: each session inserts,
 * changes and deletes rows in short transactions, as fast as it is answered, until standard input ends. Each tenth of a
 * second a line goes out: when it was, and how many transactions were committed since the line before.
 */
import { createConnection } from 'mysql2/promise';
import { PASSWORD } from '../lib/control-plane/testing/servers.ts';

const [host = '', port = '', sessions = ''] = process.argv.slice(2);
const EVERY_MS = 100;

const stopping = new AbortController();
let committed = 0;
process.stdin.resume().once('end', () => stopping.abort());

async function write(session: number): Promise<void> {
  // mysql2 cannot compare a certificate with an address.
  const ssl = { rejectUnauthorized: false };
  const connection = await createConnection({ host, port: Number(port), user: 'owner', password: PASSWORD, ssl });
  for (let number = 0; !stopping.signal.aborted; number++) {
    const key = session * 10_000_000 + number;
    await connection.query('INSERT INTO bench.busy VALUES (?, 0, REPEAT(SHA2(?, 256), 2))', [key, key]);
    await connection.query('UPDATE bench.busy SET times = times + 1 WHERE id = ?', [key - 100]);
    if (number > 1000) await connection.query('DELETE FROM bench.busy WHERE id = ?', [key - 1000]);
    committed += number > 1000 ? 3 : number > 100 ? 2 : 1;
  }
  connection.destroy();
}

const told = setInterval(() => {
  process.stdout.write(`${Date.now()} ${committed}\n`);
  committed = 0;
}, EVERY_MS);
await Promise.all(Array.from({ length: Number(sessions) }, (_, session) => write(session)));
clearInterval(told);
