import type { Database } from './database.ts';

export interface SubscriptionRow {
  /** A GUID. */
  id: string;
  displayName: string;
  tenantId: string;
}

const COLUMNS = 'id, display_name AS displayName, tenant_id AS tenantId';

export function listSubscriptions(database: Database): SubscriptionRow[] {
  return database.prepare(`SELECT ${COLUMNS} FROM subscriptions ORDER BY display_name`).all() as never;
}

export function findSubscription(database: Database, id: string): SubscriptionRow | undefined {
  return database.prepare(`SELECT ${COLUMNS} FROM subscriptions WHERE id = ?`).get(id) as never;
}

/** The home's first subscription, made when there is none yet. */
export function ensureSubscription(database: Database, fresh: SubscriptionRow): SubscriptionRow {
  const [found] = listSubscriptions(database);
  if (found) return found;
  database
    .prepare('INSERT INTO subscriptions (id, display_name, tenant_id) VALUES (?, ?, ?)')
    .run(fresh.id, fresh.displayName, fresh.tenantId);
  return fresh;
}
