import type { Server } from '../arm/mysql/server.ts';
import { serverKeyOf, type ServerKey } from '../arm/resource-id.ts';
import { highAvailabilityModeWords } from './high-availability.ts';
import { findRegion } from './regions.ts';
import { estimateOfServer } from './server-estimate.ts';
import { TIER_TEXTS, type Tier } from './skus.ts';

/** A server among many, flat: what lists show, sort, filter and export. */
export interface FleetServer {
  /** The resource id in lower case. */
  id: string;
  key: ServerKey;
  name: string;
  subscription: string;
  group: string;
  /** ARM's name: `westeurope`. */
  location: string;
  state: string;
  tier: string;
  size: string;
  version: string;
  highAvailability: string;
  storageGiB: number | undefined;
  /** `host:port`; empty until the server has one. */
  endpoint: string;
  admin: string;
  tags: Record<string, string>;
  createdAt: string | undefined;
  /** Dollars by list price. */
  costPerMonth: number | undefined;
  server: Server;
}

/** Undefined when the answer is not a server that has an address in the portal. */
export function toFleetServer(server: Server, subscriptionName: string): FleetServer | undefined {
  const key = serverKeyOf(server.id);
  if (!key) return undefined;
  const { properties } = server;
  return {
    id: server.id.toLowerCase(),
    key,
    name: server.name,
    subscription: subscriptionName,
    group: key.resourceGroup,
    location: server.location.replaceAll(' ', '').toLowerCase(),
    state: properties.state ?? 'Unknown',
    tier: server.sku?.tier ?? 'Unknown',
    size: server.sku?.name ?? '',
    version: properties.version ?? 'Unknown',
    highAvailability: properties.highAvailability?.mode ?? 'Disabled',
    storageGiB: properties.storage?.storageSizeGB ?? undefined,
    endpoint: [properties.fullyQualifiedDomainName, properties.databasePort].filter(Boolean).join(':'),
    admin: properties.administratorLogin ?? '',
    tags: server.tags ?? {},
    createdAt: server.systemData?.createdAt,
    costPerMonth: estimateOfServer(server)?.total,
    server,
  };
}

/** By what servers are filtered and grouped; the names are those in the address. */
export const FACETS = ['subscription', 'group', 'location', 'tier', 'state', 'version', 'ha', 'tag'] as const;
export type Facet = (typeof FACETS)[number];

export const FACET_LABELS: Record<Facet, string> = {
  subscription: 'Subscription',
  group: 'Resource group',
  location: 'Location',
  tier: 'Tier',
  state: 'State',
  version: 'Version',
  ha: 'High availability',
  tag: 'Tag',
};

/** The values of a server: one, but for tags. */
export function facetValues(server: FleetServer, facet: Facet): string[] {
  switch (facet) {
    case 'ha':
      return [server.highAvailability];
    case 'tag':
      return Object.entries(server.tags).map(([name, value]) => (value === '' ? name : `${name}: ${value}`));
    default:
      return [server[facet]];
  }
}

/** A value as people read it. */
export function facetValueLabel(facet: Facet, value: string): string {
  if (facet === 'location') return findRegion(value)?.displayName ?? value;
  if (facet === 'ha') return highAvailabilityModeWords(value);
  if (facet === 'tier') return TIER_TEXTS[value as Tier]?.label ?? value;
  return value;
}

/** What is wanted: words that are all found somewhere, and for each facet one of its values; nothing means any. */
export interface FleetFilter {
  words: string;
  facets: Partial<Record<Facet, readonly string[]>>;
}

export function filterFleet(servers: readonly FleetServer[], { words, facets }: FleetFilter): FleetServer[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = FACETS.flatMap((facet) => {
    const values = facets[facet];
    return values && values.length > 0 ? [{ facet, values: new Set(values.map((value) => value.toLowerCase())) }] : [];
  });
  return servers.filter(
    (server) =>
      chosen.every(({ facet, values }) =>
        facetValues(server, facet).some((value) => values.has(value.toLowerCase())),
      ) &&
      (wanted.length === 0 || hasWords(server, wanted)),
  );
}

function hasWords(server: FleetServer, words: string[]): boolean {
  const text = [
    server.name,
    server.group,
    server.subscription,
    server.location,
    facetValueLabel('location', server.location),
    server.state,
    facetValueLabel('tier', server.tier),
    server.size,
    server.version,
    server.endpoint,
    server.admin,
    ...facetValues(server, 'tag'),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** How many servers have which value, most first. Values that are chosen but that nobody has are there with 0. */
export function countFacet(
  servers: readonly FleetServer[],
  facet: Facet,
  chosen: readonly string[] = [],
): { value: string; label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const server of servers) {
    for (const value of facetValues(server, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const known = new Set([...counts.keys()].map((value) => value.toLowerCase()));
  for (const value of chosen) if (!known.has(value.toLowerCase())) counts.set(value, 0);
  return [...counts]
    .map(([value, count]) => ({ value, label: facetValueLabel(facet, value), count }))
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, undefined, { numeric: true }));
}
