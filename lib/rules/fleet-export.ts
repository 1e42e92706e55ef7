import { toCsv } from './csv.ts';
import { facetValueLabel, facetValues, type FleetServer } from './fleet.ts';

/** Servers for a spreadsheet: one line each. */
export function fleetToCsv(servers: readonly FleetServer[]): string {
  return toCsv(
    [
      'Name',
      'State',
      'Subscription',
      'Resource group',
      'Location',
      'Tier',
      'Size',
      'Version',
      'High availability',
      'Storage GiB',
      'Endpoint',
      'Admin',
      'Tags',
      'Created',
      'Dollars a month by list price',
      'Resource id',
    ],
    servers.map((server) => [
      server.name,
      server.state,
      server.subscription,
      server.group,
      server.location,
      facetValueLabel('tier', server.tier),
      server.size,
      server.version,
      server.highAvailability,
      server.storageGiB,
      server.endpoint,
      server.admin,
      facetValues(server, 'tag').join('; '),
      server.createdAt,
      server.costPerMonth === undefined ? undefined : Math.round(server.costPerMonth * 100) / 100,
      server.server.id,
    ]),
  );
}

/** Servers as ARM answered them. */
export function fleetToJson(servers: readonly FleetServer[]): string {
  return `${JSON.stringify(
    servers.map(({ server }) => server),
    null,
    2,
  )}\n`;
}
