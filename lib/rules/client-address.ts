import { parseIpv4 } from './names.ts';

/**
 * The address from which a browser reaches the portal, as dotted IPv4; null when it has none (plain IPv6).
 *
 * Next's own server writes the socket's address to `x-forwarded-for`; a proxy in front puts the client's first. What a
 * client claims there helps it only to a wrong rule of its own.
 */
export function clientAddressOf(headers: Headers): string | null {
  const first = headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? '';
  const address = first.replace(/^::ffff:/i, '');
  if (address === '::1') return '127.0.0.1';
  return parseIpv4(address) === undefined ? null : address;
}
