import type { FirewallRule } from './protocol.ts';

/** Whether a client with this IPv4 address may connect. */
export type Firewall = (address: string) => boolean;

/**
 * Only what a rule names may connect: with no rule, nobody. Both ends of a range are in it; an inverted range holds
 * nothing. The range 0.0.0.0–0.0.0.0 stands for services inside Azure, which do not exist here, and no client has that
 * source address, so it allows nobody.
 */
export function compileFirewall(rules: readonly FirewallRule[]): Firewall {
  const ranges = rules
    .map((rule) => [ipv4Number(rule.startIp), ipv4Number(rule.endIp)] as const)
    .filter((range): range is readonly [number, number] => range[0] !== undefined && range[1] !== undefined);
  return (address) => {
    const client = ipv4Number(address);
    return client !== undefined && client !== 0 && ranges.some(([start, end]) => start <= client && client <= end);
  };
}

/** The address as a number below 2³², or undefined when it is no dotted quad. */
export function ipv4Number(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4) return undefined;
  let number = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    number = number * 256 + Number(part);
  }
  return number;
}
