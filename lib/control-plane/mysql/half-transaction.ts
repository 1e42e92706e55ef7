import { setTimeout as delay } from 'node:timers/promises';
import { rows, type Connection } from './client.ts';

const LOOK_EVERY_MS = 2;
/** How long reading on to the end of what was received may take where all that is whole was executed. */
const READ_MS = 1_000;
/** How long rolling a large half back may take. */
const ROLL_BACK_MS = 60_000;

interface Applier {
  /** Of the thread that reads what was received and hands it out. */
  id: number;
  state: string | null;
  /** What it has begun to hand out and not ended; empty for nothing. */
  processing: string;
  /** What was begun to be received and not ended; empty for nothing. */
  queueing: string;
  /** Whether all that was received whole is executed. */
  isThrough: number;
}

/**
 * Gives up a transaction that a standby has only the beginning of, since its source died while it sent it: what was
 * executed of it is rolled back, and nothing is executed any more. Nothing happens where all that was received is whole,
 * or is not executed yet. The standby must not be receiving.
 *
 * `STOP REPLICA` alone waits a minute for the rest (SLAVE_WAIT_GROUP_DONE in MySQL's rpl_replica.cc), which never comes,
 * with the rows locked. The end of the thread that would hand the rest out is not waited with.
 */
export async function giveUpHalfTransaction(connection: Connection): Promise<void> {
  const half = await findHalfTransaction(connection);
  if (!half) return;
  // It may have ended meanwhile.
  await connection.query(`KILL ${half.id}`).catch(() => {});
  for (const end = performance.now() + ROLL_BACK_MS; performance.now() < end; await delay(LOOK_EVERY_MS)) {
    if (!(await readApplier(connection))) return;
  }
}

/** Who is in the middle of one: known when all that was received has been read. */
async function findHalfTransaction(connection: Connection): Promise<Applier | undefined> {
  for (const end = performance.now() + READ_MS; performance.now() < end; await delay(LOOK_EVERY_MS)) {
    const applier = await readApplier(connection);
    if (!applier?.isThrough) return undefined;
    if (applier.processing !== '') return applier;
    if (applier.queueing === '' && /has read all relay log/.test(applier.state ?? '')) return undefined;
  }
  return undefined;
}

/** @returns undefined where nothing is executed, or only one transaction after the other. */
async function readApplier(connection: Connection): Promise<Applier | undefined> {
  const [applier] = await rows<Applier>(
    connection,
    `SELECT t.processlist_id AS id, t.processlist_state AS state, c.processing_transaction AS processing,
            r.queueing_transaction AS queueing,
            GTID_SUBSET(r.received_transaction_set, @@GLOBAL.gtid_executed) AS isThrough
       FROM performance_schema.replication_applier_status_by_coordinator c
       JOIN performance_schema.threads t USING (thread_id)
       JOIN performance_schema.replication_connection_status r USING (channel_name)
      WHERE c.channel_name = ''`,
  );
  return applier;
}
