import type { Database } from './database.ts';

/** How a rule stands with one of its servers. */
export interface AlertCondition {
  status: 'Healthy' | 'Unhealthy' | 'NoData';
  /** In a row, while an alert is fired. */
  healthyLooks: number;
  /** The alert that is fired. */
  alertId: string | null;
  /** End of the last window. */
  evaluatedAt: number;
}

export interface AlertConditionRow extends AlertCondition {
  ruleId: string;
  serverId: string;
}

export function listAlertConditions(database: Database, ruleId: string): AlertConditionRow[] {
  return database
    .prepare(
      `SELECT rule_id AS ruleId, server_id AS serverId, status, healthy_looks AS healthyLooks, alert_id AS alertId,
         evaluated_at AS evaluatedAt FROM alert_conditions WHERE rule_id = ? ORDER BY server_id`,
    )
    .all(ruleId) as unknown as AlertConditionRow[];
}

export function putAlertCondition(database: Database, row: AlertConditionRow): void {
  database
    .prepare('INSERT OR REPLACE INTO alert_conditions VALUES (?, ?, ?, ?, ?, ?)')
    .run(row.ruleId, row.serverId, row.status, row.healthyLooks, row.alertId, row.evaluatedAt);
}

export function deleteAlertCondition(database: Database, ruleId: string, serverId: string): void {
  database.prepare('DELETE FROM alert_conditions WHERE rule_id = ? AND server_id = ?').run(ruleId, serverId);
}

/** The rule has changed: what it found so far holds of another condition. An alert that is fired ends with one healthy look. */
export function setHealthyLooks(database: Database, ruleId: string, looks: number): void {
  database.prepare('UPDATE alert_conditions SET healthy_looks = ? WHERE rule_id = ?').run(looks, ruleId);
}

/** Forgets those of rules that are no longer there. */
export function deleteOrphanedConditions(database: Database): void {
  database.exec(
    `DELETE FROM alert_conditions WHERE rule_id NOT IN (SELECT id FROM monitor_resources WHERE type = 'metricAlerts')`,
  );
}
