import { setTimeout as delay } from 'node:timers/promises';
import { DAEMON_ACCOUNT, OWN_ACCOUNTS, rows, withConnection, type Connection } from './client.ts';

/** One that hangs is not waited for longer. */
const WITHIN_MS = 2_000;
/** What the system does itself, and how a standby gets what was committed: mysqld ends these, the latter last. */
const KEPT = /^(system user|event_scheduler)$/;

interface Session {
  Id: number;
  User: string;
  Command: string;
}

/**
 * Ends every session of a mysqld that is about to be stopped, our own that wait for their next look at it among them.
 *
 * A mysqld that is told to stop leaves idle sessions open, waits for them to end by themselves, and only then closes
 * them: ten seconds where a binary log is being read, two otherwise (`Forcing close of thread` in its log).
 */
export async function endSessions(socket: string): Promise<void> {
  const ending = withConnection(
    socket,
    async (connection) => {
      const sessions = await rows<Session>(connection, 'SHOW PROCESSLIST');
      const [own] = await rows<{ id: number }>(connection, 'SELECT CONNECTION_ID() AS id');
      for (const { Id, User, Command } of sessions) {
        // The archive goes on where it was: it has all of it before a server is stopped for good.
        const isStandby = Command.startsWith('Binlog Dump') && User !== DAEMON_ACCOUNT;
        if (Id === own?.id || KEPT.test(User) || Command === 'Daemon' || isStandby) continue;
        // It may have ended meanwhile.
        await connection.query(`KILL ${Id}`).catch(() => {});
      }
      // The last one is this: it has to be gone as well when mysqld counts them.
      if (own) await connection.query(`KILL ${own.id}`).catch(() => {});
    },
    { timeoutMs: WITHIN_MS },
  ).catch(() => {
    // It does not answer, or is not ready yet: it is stopped all the same.
  });
  await Promise.race([ending, delay(WITHIN_MS, undefined, { ref: false })]);
}

/**
 * Ends every session of clients, and whatever it is at: a mysqld whose client is gone goes on with a statement until that
 * wants to answer. What they did in transactions that are not committed is rolled back, which may take its time.
 */
export async function endClientSessions(connection: Connection): Promise<void> {
  const sessions = await rows<Session>(connection, 'SHOW PROCESSLIST');
  for (const { Id, User, Command } of sessions) {
    if (OWN_ACCOUNTS.includes(User) || Command === 'Daemon') continue;
    // It may have ended meanwhile.
    await connection.query(`KILL ${Id}`).catch(() => {});
  }
}
