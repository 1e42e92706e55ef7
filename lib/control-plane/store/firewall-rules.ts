import type { Database } from './database.ts';

export interface FirewallRuleRow {
  serverId: string;
  name: string;
  /** Inclusive range of dotted IPv4 addresses. */
  startIpAddress: string;
  endIpAddress: string;
}

const COLUMNS = 'server_id AS serverId, name, start_ip AS startIpAddress, end_ip AS endIpAddress';

export function listFirewallRules(database: Database, serverId: string): FirewallRuleRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM firewall_rules WHERE server_id = ? ORDER BY name`)
    .all(serverId) as never;
}

/** Of all servers, by the server's id. */
export function listAllFirewallRules(database: Database): Map<string, FirewallRuleRow[]> {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM firewall_rules ORDER BY name`).all() as never;
  return Map.groupBy(rows as FirewallRuleRow[], ({ serverId }) => serverId);
}

export function findFirewallRule(database: Database, serverId: string, name: string): FirewallRuleRow | undefined {
  return database
    .prepare(`SELECT ${COLUMNS} FROM firewall_rules WHERE server_id = ? AND name = ?`)
    .get(serverId, name) as never;
}

export function putFirewallRule(database: Database, rule: FirewallRuleRow): void {
  database
    .prepare(
      `INSERT INTO firewall_rules (server_id, name, start_ip, end_ip) VALUES (?, ?, ?, ?)
       ON CONFLICT (server_id, name) DO UPDATE SET start_ip = excluded.start_ip, end_ip = excluded.end_ip`,
    )
    .run(rule.serverId, rule.name, rule.startIpAddress, rule.endIpAddress);
}

export function deleteFirewallRule(database: Database, serverId: string, name: string): void {
  database.prepare('DELETE FROM firewall_rules WHERE server_id = ? AND name = ?').run(serverId, name);
}

export function deleteFirewallRules(database: Database, serverId: string): void {
  database.prepare('DELETE FROM firewall_rules WHERE server_id = ?').run(serverId);
}
