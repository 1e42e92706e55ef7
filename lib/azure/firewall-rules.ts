import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { FirewallRule } from '../arm/mysql/firewall-rule.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

const rulePath = (key: ServerKey, name: string) => `${serverPath(key)}/firewallRules/${encodeURIComponent(name)}`;

/** Every rule of a server. @throws {ArmError} */
export function listFirewallRules(arm: ArmClient, key: ServerKey): Promise<FirewallRule[]> {
  return arm.list(`${serverPath(key)}/firewallRules`, MYSQL_API_VERSION, FirewallRule);
}

/** Makes a rule, or replaces the range of the one of that name. @throws {ArmError} */
export function beginPutFirewallRule(
  arm: ArmClient,
  key: ServerKey,
  rule: { name: string; startIpAddress: string; endIpAddress: string },
): Promise<Begun> {
  const { name, startIpAddress, endIpAddress } = rule;
  return arm.begin('PUT', rulePath(key, name), MYSQL_API_VERSION, { properties: { startIpAddress, endIpAddress } });
}

/** @throws {ArmError} */
export function beginDeleteFirewallRule(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('DELETE', rulePath(key, name), MYSQL_API_VERSION);
}
