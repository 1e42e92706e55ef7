import type { FirewallRule } from '../arm/mysql/firewall-rule.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function firewallRulesQuery(key: ServerKey) {
  return readQuery<FirewallRule[]>(apiPaths.firewallRules(key));
}
