import * as z from 'zod';

/** Microsoft.DBforMySQL/flexibleServers/firewallRules: an inclusive range of IPv4 addresses that may connect. */
export const FirewallRule = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({ startIpAddress: z.string(), endIpAddress: z.string() }),
});
export type FirewallRule = z.infer<typeof FirewallRule>;

export const FirewallRuleForPut = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  systemData: z.unknown().optional(),
  properties: z.object({ startIpAddress: z.string(), endIpAddress: z.string() }),
});
