import { parseResourceId } from '../arm/resource-id.ts';

export const RESOURCE_GROUP = 'Microsoft.Resources/resourceGroups';

/** What a declaration needs to name a resource. */
export interface Address {
  /** `Microsoft.DBforMySQL/flexibleServers/databases` */
  type: string;
  name: string;
  /** Id of what it lies in: a resource, its group, or the subscription. */
  parent?: string;
  resourceGroup?: string;
  /** It is put on `parent`, whatever that is (a lock on a server), instead of being a part of it. */
  isExtension?: true;
}

/** @throws {TypeError} for what is no id of a group or resource. */
export function addressOf(resourceId: string): Address {
  const extension = /^(\/subscriptions\/.+\/providers\/.+)\/providers\/([^/]+)\/([^/]+)\/([^/]+)$/i.exec(resourceId);
  if (extension) {
    const [, parent, namespace, type, name] = extension as unknown as [string, string, string, string, string];
    const resourceGroup = parseResourceId(parent)?.resourceGroup;
    return { type: `${namespace}/${type}`, name, parent, ...(resourceGroup && { resourceGroup }), isExtension: true };
  }
  const id = parseResourceId(resourceId);
  const last = id?.segments.at(-1);
  if (id?.resourceGroup && !id.namespace) {
    return { type: RESOURCE_GROUP, name: id.resourceGroup, parent: `/subscriptions/${id.subscriptionId}` };
  }
  if (!id?.namespace || !last) throw new TypeError(`Not the id of a resource: ${resourceId}`);
  const group = `/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}`;
  const above = id.segments.slice(0, -1).map((segment) => `/${segment.type}/${segment.name}`);
  return {
    type: [id.namespace, ...id.segments.map((segment) => segment.type)].join('/'),
    name: last.name,
    parent: above.length === 0 ? group : `${group}/providers/${id.namespace}${above.join('')}`,
    resourceGroup: id.resourceGroup,
  };
}

/** A name for it in a file: `flexibleServers` → `flexibleServer`. */
export function symbolOf(type: string): string {
  const last = type.split('/').at(-1) ?? 'resource';
  return last.replace(/s$/, '');
}

/** The symbol, or with a number where it is taken. */
export function unique(symbol: string, taken: Map<string, string>): string {
  const used = new Set(taken.values());
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? symbol : `${symbol}${count}`;
    if (!used.has(candidate)) return candidate;
  }
}

/** Marks a symbolic name, which is written without quotes. */
export class Reference {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
