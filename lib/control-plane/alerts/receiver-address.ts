import { BlockList, isIP } from 'node:net';

/** Where webhooks may go beside this machine: from the configuration. */
export interface WebhookPolicy {
  /** Names that may be called: `hooks.example.com`, `*.example.com`. In lower case. */
  hosts: readonly string[];
  /** Addresses that may be called, `10.1.2.0/24`. */
  networks: readonly { address: string; prefix: number }[];
}

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The MySQL servers' own addresses: a webhook has no business there. */
const servers = new BlockList();
servers.addSubnet('127.83.0.0', 16, 'ipv4');

/** Nobody's receivers: this network, link-local (a cloud machine's metadata), multicast and broadcast. */
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 4, 'ipv4');
never.addSubnet('240.0.0.0', 4, 'ipv4');
never.addAddress('::', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');

/** What is wrong with a webhook's address as it is written; undefined when nothing is. No name is looked up. */
export function serviceUriProblem(serviceUri: string, policy: WebhookPolicy): string | undefined {
  const url = URL.parse(serviceUri);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return 'A webhook is called at an absolute address that begins with https:// or http://.';
  }
  if (url.username || url.password) return 'A webhook’s address cannot hold a user name or a password.';
  const host = hostOf(url);
  if (isIP(host)) return addressProblem({ address: host, family: isIP(host) as 4 | 6 }, host, policy);
  if (isLocalName(host) || isListed(host, policy) || policy.networks.length > 0) return undefined;
  return notAllowed(host);
}

/**
 * What is wrong with calling that address for that name; undefined when it may be called.
 *
 * @param host as the webhook's address names it.
 */
export function addressProblem(
  { address, family }: ResolvedAddress,
  host: string,
  policy: WebhookPolicy,
): string | undefined {
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return addressProblem({ address: mapped, family: 4 }, host, policy);
  if (servers.check(address, kind))
    return `${address} is an address of a MySQL server. A webhook cannot be sent there.`;
  if (never.check(address, kind)) return `${address} is not an address that webhooks are sent to.`;
  const networks = new BlockList();
  for (const { address: network, prefix } of policy.networks) {
    networks.addSubnet(network, prefix, isIP(network) === 4 ? 'ipv4' : 'ipv6');
  }
  if (networks.check(address, kind)) return undefined;
  if (loopback.check(address, kind)) {
    // A name that somebody else's server turns into 127.0.0.1 is no name of this machine.
    return isLocalName(host) || isIP(host) || isListed(host, policy) ? undefined : notAllowed(host);
  }
  return isListed(host, policy) ? undefined : notAllowed(host);
}

/** The name or address of a URL, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function isListed(host: string, { hosts }: WebhookPolicy): boolean {
  return hosts.some((entry) => (entry.startsWith('*.') ? host.endsWith(entry.slice(1)) : host === entry));
}

function notAllowed(host: string): string {
  return `Webhooks are sent to this machine alone unless the administrator of Flexdeck allows another: ${host} is not among those. Add it to FLEXDECK_WEBHOOK_HOSTS.`;
}
