import type { Database } from './database.ts';

/** ARM's type below its provider: `Microsoft.Insights/metricAlerts` and its like. */
export type MonitorType = 'actionGroups' | 'metricAlerts' | 'actionRules';

export interface MonitorKey {
  type: MonitorType;
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}

/** An action group, an alert rule or an alert processing rule. */
export interface MonitorRow<Properties = unknown> extends MonitorKey {
  /** Immutable, a GUID; not the ARM id. */
  id: string;
  tags: Record<string, string>;
  properties: Properties;
  /** Of an alert rule: the end of the last window that was looked at. */
  evaluatedTo: number | null;
  createdAt: number;
  createdBy: string;
  updatedAt: number;
  updatedBy: string;
}

// The secret is read where a body is signed, and nowhere else.
const COLUMNS = `type, subscription_id AS subscriptionId, resource_group AS resourceGroup, name, id, tags, properties,
  evaluated_to AS evaluatedTo, created_at AS createdAt, created_by AS createdBy, updated_at AS updatedAt,
  updated_by AS updatedBy`;

function parse<Properties>(row: unknown): MonitorRow<Properties> {
  const found = row as Omit<MonitorRow, 'tags' | 'properties'> & { tags: string; properties: string };
  return { ...found, tags: JSON.parse(found.tags), properties: JSON.parse(found.properties) };
}

/** By name, of a subscription, one group in it, or the whole home. */
export function listMonitorResources<Properties>(
  database: Database,
  type: MonitorType,
  within: { subscriptionId?: string; resourceGroup?: string } = {},
): MonitorRow<Properties>[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM monitor_resources WHERE type = ? AND subscription_id = ifnull(?, subscription_id)
         AND resource_group = ifnull(?, resource_group) ORDER BY name, resource_group`,
    )
    .all(type, within.subscriptionId ?? null, within.resourceGroup ?? null)
    .map((row) => parse<Properties>(row));
}

export function findMonitorResource<Properties>(
  database: Database,
  { type, subscriptionId, resourceGroup, name }: MonitorKey,
): MonitorRow<Properties> | undefined {
  const row = database
    .prepare(
      `SELECT ${COLUMNS} FROM monitor_resources
       WHERE type = ? AND subscription_id = ? AND resource_group = ? AND name = ?`,
    )
    .get(type, subscriptionId, resourceGroup, name);
  return row && parse<Properties>(row);
}

/** Makes it, or replaces tags and properties of the one that is there. */
export function putMonitorResource(
  database: Database,
  resource: MonitorKey & { id: string; tags: Record<string, string>; properties: unknown },
  { at, by }: { at: number; by: string },
): void {
  database
    .prepare(
      `INSERT INTO monitor_resources (type, subscription_id, resource_group, name, id, tags, properties, created_at,
         created_by, updated_at, updated_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (type, subscription_id, resource_group, name) DO UPDATE SET
         tags = excluded.tags, properties = excluded.properties, updated_at = excluded.updated_at,
         updated_by = excluded.updated_by`,
    )
    .run(
      resource.type,
      resource.subscriptionId,
      resource.resourceGroup,
      resource.name,
      resource.id,
      JSON.stringify(resource.tags),
      JSON.stringify(resource.properties),
      at,
      by,
      at,
      by,
    );
}

export function deleteMonitorResource(database: Database, id: string): void {
  database.prepare('DELETE FROM monitor_resources WHERE id = ?').run(id);
}

/** All of a group that goes. */
export function deleteMonitorResourcesIn(database: Database, subscriptionId: string, resourceGroup: string): void {
  database
    .prepare('DELETE FROM monitor_resources WHERE subscription_id = ? AND resource_group = ?')
    .run(subscriptionId, resourceGroup);
}

/** @param at null: the rule has not been looked at as it is now. */
export function setEvaluatedTo(database: Database, id: string, at: number | null): void {
  database.prepare('UPDATE monitor_resources SET evaluated_to = ? WHERE id = ?').run(at, id);
}

/** @param secret what signs the bodies that this action group's webhooks get. */
export function setSigningSecret(database: Database, id: string, secret: string): void {
  database.prepare('UPDATE monitor_resources SET signing_secret = ? WHERE id = ?').run(secret, id);
}

/** Undefined when the action group is no longer there. */
export function readSigningSecret(database: Database, id: string): string | undefined {
  const row = database.prepare('SELECT signing_secret AS secret FROM monitor_resources WHERE id = ?').get(id);
  return (row as { secret: string | null } | undefined)?.secret ?? undefined;
}
