import { parseIpv4 } from '../../../lib/rules/names.ts';

/** An endpoint without a DNS name, as the local cloud gives them. */
export function isIpAddress(host: string): boolean {
  return parseIpv4(host) !== undefined || host.includes(':');
}
