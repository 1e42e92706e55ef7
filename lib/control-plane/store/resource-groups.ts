import type { Database } from './database.ts';

export interface ResourceGroupRow {
  subscriptionId: string;
  name: string;
  /** Short form: `westeurope`. */
  location: string;
  tags: Record<string, string>;
  /** ARM's provisioningState. */
  state: 'Succeeded' | 'Deleting';
  /** Milliseconds since 1970, as every …At of the store. */
  createdAt: number;
}

const COLUMNS = 'subscription_id AS subscriptionId, name, location, tags, state, created_at AS createdAt';

function parse(row: unknown): ResourceGroupRow {
  const found = row as Omit<ResourceGroupRow, 'tags'> & { tags: string };
  return { ...found, tags: JSON.parse(found.tags) };
}

export function listResourceGroups(database: Database, subscriptionId: string): ResourceGroupRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM resource_groups WHERE subscription_id = ? ORDER BY name`)
    .all(subscriptionId)
    .map(parse);
}

/** Without regard to case, as ARM. */
export function findResourceGroup(
  database: Database,
  subscriptionId: string,
  name: string,
): ResourceGroupRow | undefined {
  const row = database
    .prepare(`SELECT ${COLUMNS} FROM resource_groups WHERE subscription_id = ? AND name = ?`)
    .get(subscriptionId, name);
  return row && parse(row);
}

/** Makes the group, or changes the tags of the one that is there; its name and place stay as they were first written. */
export function putResourceGroup(
  database: Database,
  group: Omit<ResourceGroupRow, 'state' | 'createdAt'>,
  now: number,
): void {
  database
    .prepare(
      `INSERT INTO resource_groups (subscription_id, name, location, tags, state, created_at)
       VALUES (?, ?, ?, ?, 'Succeeded', ?)
       ON CONFLICT (subscription_id, name) DO UPDATE SET tags = excluded.tags`,
    )
    .run(group.subscriptionId, group.name, group.location, JSON.stringify(group.tags), now);
}

export function setResourceGroupState(
  database: Database,
  subscriptionId: string,
  name: string,
  state: ResourceGroupRow['state'],
): void {
  database
    .prepare('UPDATE resource_groups SET state = ? WHERE subscription_id = ? AND name = ?')
    .run(state, subscriptionId, name);
}

export function deleteResourceGroup(database: Database, subscriptionId: string, name: string): void {
  database.prepare('DELETE FROM resource_groups WHERE subscription_id = ? AND name = ?').run(subscriptionId, name);
}
