/** A parsed ARM id: `/subscriptions/{s}[/resourceGroups/{g}[/providers/{namespace}/{type}/{name}[/{type}/{name}…]]]`. */
export interface ResourceId {
  subscriptionId: string;
  resourceGroup?: string;
  /** `Microsoft.DBforMySQL`, in the letters of the id. */
  namespace?: string;
  /** Type and name pairs, outermost first. */
  segments: { type: string; name: string }[];
}

export const MYSQL_NAMESPACE = 'Microsoft.DBforMySQL';
export const SERVER_TYPE = `${MYSQL_NAMESPACE}/flexibleServers`;

/** Reads an id without regard to case; undefined when it is none. */
export function parseResourceId(id: string): ResourceId | undefined {
  const parts = id.split('/').filter((part) => part !== '');
  if (parts[0]?.toLowerCase() !== 'subscriptions' || !parts[1]) return undefined;
  const parsed: ResourceId = { subscriptionId: parts[1], segments: [] };
  let rest = parts.slice(2);
  if (rest.length === 0) return parsed;
  if (rest[0]?.toLowerCase() === 'resourcegroups') {
    if (!rest[1]) return undefined;
    parsed.resourceGroup = rest[1];
    rest = rest.slice(2);
  }
  if (rest.length === 0) return parsed;
  if (rest[0]?.toLowerCase() !== 'providers' || !rest[1]) return undefined;
  parsed.namespace = rest[1];
  rest = rest.slice(2);
  if (rest.length === 0 || rest.length % 2 !== 0) return undefined;
  for (let index = 0; index < rest.length; index += 2) {
    parsed.segments.push({ type: rest[index]!, name: rest[index + 1]! });
  }
  return parsed;
}

/** What names one server: the three parts of its id that are not fixed. */
export interface ServerKey {
  subscriptionId: string;
  resourceGroup: string;
  serverName: string;
}

export function resourceGroupId(subscriptionId: string, resourceGroup: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

export function serverId(key: ServerKey): string {
  return `${resourceGroupId(key.subscriptionId, key.resourceGroup)}/providers/${SERVER_TYPE}/${key.serverName}`;
}

/** The server an id names, or the server above the child that it names; undefined for any other id. */
export function serverKeyOf(id: string): ServerKey | undefined {
  const parsed = parseResourceId(id);
  const server = parsed?.segments[0];
  if (!parsed?.resourceGroup || parsed.namespace?.toLowerCase() !== MYSQL_NAMESPACE.toLowerCase()) return undefined;
  if (server?.type.toLowerCase() !== 'flexibleservers') return undefined;
  return { subscriptionId: parsed.subscriptionId, resourceGroup: parsed.resourceGroup, serverName: server.name };
}
