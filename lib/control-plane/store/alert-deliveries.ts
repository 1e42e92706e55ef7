import type { Database } from './database.ts';

/** One notification on its way to one receiver. */
export interface AlertDelivery {
  /** Sent along, so that a receiver knows one that comes twice. */
  id: string;
  /** Null for a test. */
  alertId: string | null;
  /** Of a test. */
  notificationId: string | null;
  /** `monitor_resources.id` of the action group. */
  groupId: string;
  receiverKind: 'Webhook' | 'Email';
  /** As the action group had it. */
  receiver: unknown;
  /** What happened: the body is made of it. */
  payload: unknown;
  status: 'Pending' | 'Delivered' | 'Failed';
  attempts: number;
  nextAt: number;
  /** What the last attempt ended with, for people. */
  detail: string | null;
  createdAt: number;
  endedAt: number | null;
}

const COLUMNS = `id, alert_id AS alertId, notification_id AS notificationId, group_id AS groupId,
  receiver_kind AS receiverKind, receiver, payload, status, attempts, next_at AS nextAt, detail, created_at AS createdAt,
  ended_at AS endedAt`;

function parse(row: unknown): AlertDelivery {
  const found = row as Omit<AlertDelivery, 'receiver' | 'payload'> & { receiver: string; payload: string };
  return { ...found, receiver: JSON.parse(found.receiver), payload: JSON.parse(found.payload) };
}

export function insertAlertDelivery(
  database: Database,
  delivery: Omit<AlertDelivery, 'status' | 'attempts' | 'detail' | 'endedAt' | 'nextAt'>,
): void {
  database
    .prepare(
      `INSERT INTO alert_deliveries (id, alert_id, notification_id, group_id, receiver_kind, receiver, payload, status,
         attempts, next_at, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'Pending', 0, ?, ?)`,
    )
    .run(
      delivery.id,
      delivery.alertId,
      delivery.notificationId,
      delivery.groupId,
      delivery.receiverKind,
      JSON.stringify(delivery.receiver),
      JSON.stringify(delivery.payload),
      delivery.createdAt,
      delivery.createdAt,
    );
}

/** No attempt waits for longer than this; one that would was put down before the clock was set back. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** Those whose time has come, the oldest first; so many to each receiver. */
export function listDueDeliveries(database: Database, now: number, toReceiver: number): AlertDelivery[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM (
         SELECT *, row_number() OVER (PARTITION BY receiver ORDER BY next_at) AS place FROM alert_deliveries
           WHERE status = 'Pending' AND (next_at <= ? OR next_at > ?)
       ) WHERE place <= ? ORDER BY next_at`,
    )
    .all(now, now + LONGEST_WAIT_MS, toReceiver)
    .map(parse);
}

export function listDeliveriesOf(
  database: Database,
  of: { alertId: string } | { notificationId: string },
): AlertDelivery[] {
  const column = 'alertId' in of ? 'alert_id' : 'notification_id';
  return database
    .prepare(`SELECT ${COLUMNS} FROM alert_deliveries WHERE ${column} = ? ORDER BY created_at, id`)
    .all('alertId' in of ? of.alertId : of.notificationId)
    .map(parse);
}

export function retryDelivery(database: Database, id: string, nextAt: number, detail: string): void {
  database
    .prepare('UPDATE alert_deliveries SET attempts = attempts + 1, next_at = ?, detail = ? WHERE id = ?')
    .run(nextAt, detail, id);
}

export function endDelivery(
  database: Database,
  id: string,
  { status, at, detail }: { status: 'Delivered' | 'Failed'; at: number; detail: string },
): void {
  database
    .prepare('UPDATE alert_deliveries SET status = ?, attempts = attempts + 1, ended_at = ?, detail = ? WHERE id = ?')
    .run(status, at, detail, id);
}

/** Forgets what ended before that moment. @returns how many. */
export function pruneDeliveries(database: Database, before: number): number {
  return Number(database.prepare('DELETE FROM alert_deliveries WHERE ended_at < ?').run(before).changes);
}
