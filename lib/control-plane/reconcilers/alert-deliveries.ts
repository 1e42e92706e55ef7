import type { EmailReceiver, WebhookReceiver } from '../../arm/insights/action-groups.ts';
import type { Notification } from '../alerts/payloads.ts';
import type { Attempt } from '../alerts/webhook.ts';
import type { World } from '../operations/world.ts';
import { endDelivery, listDueDeliveries, retryDelivery, type AlertDelivery } from '../store/alert-deliveries.ts';
import { readSigningSecret } from '../store/monitor-resources.ts';
import type { Reconciler } from './loop.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How long after each failed attempt the next one follows; the last of these from then on. */
const RETRY_AFTER_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 60 * MINUTE];
/** What could not be delivered in a day is given up. */
const GIVE_UP_AFTER_MS = 24 * 60 * MINUTE;
/** At a time: a receiver that hangs keeps one of these for ten seconds. */
const AT_ONCE = 32;
/** To one receiver, so that one that hangs leaves room for the others. */
const TO_RECEIVER_AT_ONCE = 4;

export interface DeliveryReconciler extends Reconciler {
  /** Breaks off what is under way: it is sent again at the next start. */
  stop(): Promise<void>;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
}

/** When the next attempt is; undefined when there is none. */
export function nextAttemptAt(
  { attempts, createdAt, notificationId }: Pick<AlertDelivery, 'attempts' | 'createdAt' | 'notificationId'>,
  now: number,
): number | undefined {
  // Whoever asked for a test waits for its end.
  if (notificationId !== null || now - createdAt > GIVE_UP_AFTER_MS) return undefined;
  return now + RETRY_AFTER_MS[Math.min(attempts, RETRY_AFTER_MS.length - 1)]!;
}

/**
 * Empties the outbox. A notification is taken out only when its receiver has taken it, so a daemon that dies in between
 * sends it twice, never not at all.
 */
export function alertDeliveryReconciler({
  database,
  clock,
  log,
  notifier,
}: Pick<World, 'database' | 'clock' | 'log' | 'notifier'>): DeliveryReconciler {
  const underway = new Map<string, { receiver: string; ending: Promise<void> }>();
  /** What came of attempts and could not be written down, since the disk is full: written later, not sent again meanwhile. */
  const unwritten = new Map<string, () => void>();
  const stopping = new AbortController();

  async function attempt(delivery: AlertDelivery): Promise<Attempt> {
    const secret = readSigningSecret(database, delivery.groupId);
    if (secret === undefined) return { outcome: 'refused', detail: 'Its action group is no longer there.' };
    const sending = {
      deliveryId: delivery.id,
      notification: delivery.payload as Notification,
      secret,
      now: clock.now(),
      signal: stopping.signal,
    };
    return delivery.receiverKind === 'Webhook'
      ? notifier.sendWebhook(delivery.receiver as WebhookReceiver, sending)
      : notifier.sendMail(delivery.receiver as EmailReceiver, sending);
  }

  function writeDown(id: string): void {
    unwritten.get(id)?.();
    unwritten.delete(id);
  }

  async function deliver(delivery: AlertDelivery): Promise<void> {
    const { outcome, detail } = await attempt(delivery);
    if (stopping.signal.aborted && outcome !== 'delivered') return;
    const now = clock.now();
    const nextAt = outcome === 'retry' ? nextAttemptAt(delivery, now) : undefined;
    unwritten.set(delivery.id, () => {
      if (nextAt !== undefined) retryDelivery(database, delivery.id, nextAt, detail);
      else
        endDelivery(database, delivery.id, {
          status: outcome === 'delivered' ? 'Delivered' : 'Failed',
          at: now,
          detail,
        });
    });
    writeDown(delivery.id);
    if (outcome !== 'delivered')
      log.warn({ delivery: delivery.id, outcome }, `a notification was not delivered: ${detail}`);
  }

  return {
    name: 'alert deliveries',
    everyMs: SECOND,
    async tick() {
      if (stopping.signal.aborted) return undefined;
      try {
        for (const id of unwritten.keys()) writeDown(id);
      } catch {
        // Said when it came of it. The next tick tries again.
      }
      const sendingTo = (to: string) => [...underway.values()].filter(({ receiver }) => receiver === to).length;
      for (const delivery of listDueDeliveries(database, clock.now(), TO_RECEIVER_AT_ONCE)) {
        if (underway.size >= AT_ONCE) break;
        const receiver = JSON.stringify(delivery.receiver);
        if (underway.has(delivery.id) || unwritten.has(delivery.id)) continue;
        if (sendingTo(receiver) >= TO_RECEIVER_AT_ONCE) continue;
        const ending = deliver(delivery)
          .catch((failure: unknown) => log.error({ err: failure, delivery: delivery.id }, 'a delivery failed'))
          .finally(() => underway.delete(delivery.id));
        underway.set(delivery.id, { receiver, ending });
      }
      return undefined;
    },
    async stop() {
      stopping.abort();
      await Promise.all([...underway.values()].map(({ ending }) => ending));
    },
    async settled() {
      await Promise.all([...underway.values()].map(({ ending }) => ending));
    },
  };
}
