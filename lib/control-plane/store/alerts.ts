import type { AlertState } from '../../arm/insights/alerts.ts';
import type { Database } from './database.ts';

/** A fired alert, from then on. */
export interface AlertRow {
  id: string;
  /** Of the rule, `monitor_resources.id`. */
  ruleId: string;
  ruleResourceId: string;
  ruleName: string;
  subscriptionId: string;
  /** Of the server. */
  resourceGroup: string;
  serverId: string;
  /** ARM id of the server. */
  target: string;
  description: string;
  /** 0 to 4. */
  severity: number;
  monitorCondition: 'Fired' | 'Resolved';
  /** What people make of it. */
  state: AlertState;
  /** An alert processing rule kept its notifications back. */
  suppressed: boolean;
  firedAt: number;
  resolvedAt: number | null;
  modifiedAt: number;
  modifiedBy: string;
  /** The condition, with the values that met it: `alertContext` of the common alert schema. */
  context: unknown;
}

const COLUMNS = `id, rule_id AS ruleId, rule_resource_id AS ruleResourceId, rule_name AS ruleName,
  subscription_id AS subscriptionId, resource_group AS resourceGroup, server_id AS serverId, target, description, severity,
  monitor_condition AS monitorCondition, state, suppressed, fired_at AS firedAt, resolved_at AS resolvedAt,
  modified_at AS modifiedAt, modified_by AS modifiedBy, context`;

function parse(row: unknown): AlertRow {
  const found = row as Omit<AlertRow, 'suppressed' | 'context'> & { suppressed: number; context: string };
  return { ...found, suppressed: found.suppressed === 1, context: JSON.parse(found.context) };
}

export function insertAlert(database: Database, alert: AlertRow): void {
  database
    .prepare(
      `INSERT INTO alerts (id, rule_id, rule_resource_id, rule_name, subscription_id, resource_group, server_id, target,
         description, severity, monitor_condition, state, suppressed, fired_at, resolved_at, modified_at, modified_by, context)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      alert.id,
      alert.ruleId,
      alert.ruleResourceId,
      alert.ruleName,
      alert.subscriptionId,
      alert.resourceGroup,
      alert.serverId,
      alert.target,
      alert.description,
      alert.severity,
      alert.monitorCondition,
      alert.state,
      alert.suppressed ? 1 : 0,
      alert.firedAt,
      alert.resolvedAt,
      alert.modifiedAt,
      alert.modifiedBy,
      JSON.stringify(alert.context),
    );
}

export function findAlert(database: Database, subscriptionId: string, id: string): AlertRow | undefined {
  const row = database
    .prepare(`SELECT ${COLUMNS} FROM alerts WHERE subscription_id = ? AND id = ?`)
    .get(subscriptionId, id.toLowerCase());
  return row && parse(row);
}

/** Those that were fired at some time of the span: it ended within or after it, and began before its end. Newest first. */
export function listAlerts(database: Database, subscriptionId: string, span: { from: number; to: number }): AlertRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM alerts WHERE subscription_id = ? AND fired_at <= ? AND ifnull(resolved_at, 9e15) >= ?
       ORDER BY fired_at DESC, id`,
    )
    .all(subscriptionId, span.to, span.from)
    .map(parse);
}

/** Of one rule, those that have not been resolved. */
export function listFiredAlerts(database: Database, ruleId: string): AlertRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM alerts WHERE rule_id = ? AND monitor_condition = 'Fired' ORDER BY fired_at`)
    .all(ruleId)
    .map(parse);
}

/** Those whose rule is gone. */
export function listOrphanedAlerts(database: Database): AlertRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM alerts WHERE monitor_condition = 'Fired'
         AND rule_id NOT IN (SELECT id FROM monitor_resources WHERE type = 'metricAlerts')`,
    )
    .all()
    .map(parse);
}

/** When a rule last fired for a server; undefined when it never did. */
export function lastFiredAt(database: Database, ruleId: string, serverId: string): number | undefined {
  const row = database
    .prepare('SELECT max(fired_at) AS at FROM alerts WHERE rule_id = ? AND server_id = ?')
    .get(ruleId, serverId) as { at: number | null };
  return row.at ?? undefined;
}

export function setAlertResolved(database: Database, id: string, at: number, by: string): void {
  database
    .prepare(
      `UPDATE alerts SET monitor_condition = 'Resolved', resolved_at = ?, modified_at = ?, modified_by = ? WHERE id = ?`,
    )
    .run(at, at, by, id);
}

export function setAlertState(database: Database, id: string, state: AlertState, at: number, by: string): void {
  database.prepare('UPDATE alerts SET state = ?, modified_at = ?, modified_by = ? WHERE id = ?').run(state, at, by, id);
}

export interface AlertEvent {
  at: number;
  event: 'AlertCreated' | 'MonitorConditionChange' | 'StateChange';
  oldValue: string;
  newValue: string;
  by: string;
  comments: string;
}

export function insertAlertEvent(database: Database, alertId: string, event: AlertEvent): void {
  database
    .prepare('INSERT INTO alert_history VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(alertId, event.at, event.event, event.oldValue, event.newValue, event.by, event.comments);
}

/** Oldest first. */
export function listAlertEvents(database: Database, alertId: string): AlertEvent[] {
  return database
    .prepare(
      `SELECT at, event, old_value AS oldValue, new_value AS newValue, by, comments FROM alert_history
       WHERE alert_id = ? ORDER BY at, rowid`,
    )
    .all(alertId) as unknown as AlertEvent[];
}

/** Forgets those that were over before that moment, with their history: one of a rule that resolves none is so at once. @returns how many. */
export function pruneAlerts(database: Database, before: number): number {
  return Number(
    database
      .prepare(
        `DELETE FROM alerts WHERE fired_at < ?1 AND ifnull(resolved_at, 0) < ?1
           AND id NOT IN (SELECT alert_id FROM alert_conditions WHERE alert_id IS NOT NULL)`,
      )
      .run(before).changes,
  );
}
