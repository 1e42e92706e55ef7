import { parseResourceId } from '../arm/resource-id.ts';

/** One ARM request, as plain data. */
export interface ChangeRequest {
  resourceId: string;
  apiVersion: string;
  method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** Name of a POST action, e.g. `restart`. */
  action?: string;
  body?: Record<string, unknown>;
  /** The same as an `az` command line; write secrets as `secretInShell(name)`. */
  azCommand: string;
}

/** What a person is about to change: drawn by the change review, rendered by the functions below. */
export interface ChangeDescription extends ChangeRequest {
  /** Old → new, by the words on the form; null for "not set". Never a secret. */
  changes: { label: string; from: string | null; to: string | null }[];
  /** Whether and for how long it interrupts, as a sentence; absent means that it does not. */
  restarts?: string;
  /** Dollars a month before and after. */
  cost?: { from: number | null; to: number };
  /** Requests that follow the first one (firewall rules of a new server). */
  further?: ChangeRequest[];
}

const AZURE = 'https://management.azure.com';

/** All requests of a change, in the order in which they are sent. */
export function requestsOf(change: ChangeDescription): ChangeRequest[] {
  return [change, ...(change.further ?? [])];
}

/** True for properties whose value must never be shown: passwords, secrets, keys of storage accounts. */
export function isSecretName(name: string): boolean {
  return /(password|secret|accesskey|sastoken)$/i.test(name);
}

/** How a shell command names a secret: `"$ADMINISTRATOR_LOGIN_PASSWORD"`. */
export function secretInShell(name: string): string {
  return `"$${snake(name).toUpperCase()}"`;
}

/** The `az` commands. A secret value that slipped into a command line is replaced as well. */
export function toAzureCli(change: ChangeDescription): string {
  const requests = requestsOf(change);
  let text = requests.map((request) => request.azCommand).join('\n\n');
  for (const [name, value] of requests.flatMap((request) => secretsIn(request.body))) {
    if (value !== '')
      text = text.replaceAll(`'${value}'`, () => secretInShell(name)).replaceAll(value, () => secretInShell(name));
  }
  return text;
}

/** The HTTP requests. `endpoint` is the Resource Manager in force; secrets become `<name>`. */
export function toRest(change: ChangeDescription, endpoint: string = AZURE): string {
  return requestsOf(change)
    .map(({ method, resourceId, action, apiVersion, body }) => {
      const path = `${resourceId}${action ? `/${action}` : ''}?api-version=${apiVersion}`;
      const head = `${method} ${endpoint.replace(/\/$/, '')}${path}\nAuthorization: Bearer <access token>`;
      if (body === undefined) return head;
      return `${head}\nContent-Type: application/json\n\n${JSON.stringify(withPlaceholders(body), null, 2)}`;
    })
    .join('\n\n');
}

function withPlaceholders(value: unknown, name = ''): unknown {
  if (typeof value === 'string' && isSecretName(name)) return `<${name}>`;
  if (Array.isArray(value)) return value.map((item) => withPlaceholders(item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlaceholders(item, key)]));
  }
  return value;
}

function secretsIn(value: unknown): [name: string, value: string][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' ? (isSecretName(key) ? [[key, item] as [string, string]] : []) : secretsIn(item),
  );
}

/**
 * A Bicep file. Bicep describes states: an action or a deletion has no form in it, which the text says; of a PATCH it
 * shows the properties to change in the resource's own declaration.
 */
export function toBicep(change: ChangeDescription): string {
  const requests = requestsOf(change);
  const declared = new Map<string, string>();
  const blocks: string[] = [];
  const secrets = new Set<string>();
  for (const request of requests) {
    const resource = addressOf(request.resourceId);
    if (request.method === 'POST') {
      blocks.push(
        `// Bicep describes states, not actions: use az or REST to ${request.action ?? 'run this'} ${resource.name}.`,
      );
      continue;
    }
    if (request.method === 'DELETE') {
      blocks.push(
        `// Take ${resource.name} out of your template and deploy it as a deployment stack\n// (az stack group create --action-on-unmanage deleteResources), or delete it with az or REST.`,
      );
      continue;
    }
    const parent = declareParents(resource.parent, request.apiVersion, declared, blocks);
    const symbol = unique(symbolOf(resource.type), declared);
    declared.set(request.resourceId.toLowerCase(), symbol);
    for (const [name] of secretsIn(request.body)) secrets.add(name);
    const properties = { ...(parent ? { parent: new Reference(parent) } : {}), name: resource.name, ...request.body };
    const note =
      request.method === 'PATCH' ? '// Only what changes: merge it into the declaration that you have.\n' : '';
    blocks.push(`${note}resource ${symbol} '${resource.type}@${request.apiVersion}' = ${bicepValue(properties, '')}`);
  }
  const parameters = [...secrets].map((name) => `@secure()\nparam ${name} string`);
  const first = addressOf(change.resourceId);
  const scope = first.type === RESOURCE_GROUP ? ["targetScope = 'subscription'"] : [];
  return [...scope, ...parameters, ...blocks].join('\n\n');
}

/** Marks a symbolic name, which is written without quotes. */
class Reference {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function declareParents(
  id: string | undefined,
  apiVersion: string,
  declared: Map<string, string>,
  blocks: string[],
): string | undefined {
  if (id === undefined || !id.includes('/providers/')) return undefined;
  const known = declared.get(id.toLowerCase());
  if (known) return known;
  const resource = addressOf(id);
  const parent = declareParents(resource.parent, apiVersion, declared, blocks);
  const symbol = unique(symbolOf(resource.type), declared);
  declared.set(id.toLowerCase(), symbol);
  const properties = { ...(parent ? { parent: new Reference(parent) } : {}), name: resource.name };
  blocks.push(`resource ${symbol} '${resource.type}@${apiVersion}' existing = ${bicepValue(properties, '')}`);
  return symbol;
}

function bicepValue(value: unknown, indent: string, name = ''): string {
  if (value instanceof Reference) return value.name;
  if (typeof value === 'string') return isSecretName(name) ? name : `'${bicepEscape(value)}'`;
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${bicepValue(item, inner)}`).join('\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item]) => {
    const written = /^[A-Za-z_]\w*$/.test(key) ? key : `'${bicepEscape(key)}'`;
    return `${inner}${written}: ${bicepValue(item, inner, key)}`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function bicepEscape(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('${', () => '\\${')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
}

/** Terraform with the `azapi` provider, which takes ARM's body as it is. */
export function toTerraform(change: ChangeDescription): string {
  const names = new Map<string, string>();
  const secrets = new Set<string>();
  const blocks = requestsOf(change).map((request) => {
    const resource = addressOf(request.resourceId);
    const type = `${resource.type}@${request.apiVersion}`;
    for (const [name] of secretsIn(request.body)) secrets.add(name);
    if (request.method === 'DELETE') {
      return `# Take the block of ${resource.name} out of your configuration and apply, or:\n# terraform destroy -target=azapi_resource.${snake(symbolOf(resource.type))}`;
    }
    const label = unique(snake(symbolOf(resource.type)), names);
    if (request.method === 'PUT') {
      names.set(request.resourceId.toLowerCase(), label);
      const { location, tags, name: _name, ...body } = request.body ?? {};
      const made = resource.parent && names.get(resource.parent.toLowerCase());
      const parent = made ? new Reference(`azapi_resource.${made}.id`) : resource.parent;
      return `resource "azapi_resource" "${label}" ${hclBlock({ type, parent_id: parent, name: resource.name, location, tags, body })}`;
    }
    names.set(`${request.resourceId.toLowerCase()}#${names.size}`, label);
    if (request.method === 'PATCH') {
      return `resource "azapi_update_resource" "${label}" ${hclBlock({ type, resource_id: request.resourceId, body: request.body })}`;
    }
    return `resource "azapi_resource_action" "${label}" ${hclBlock({ type, resource_id: request.resourceId, action: request.action, method: 'POST', body: request.body })}`;
  });
  const variables = [...secrets].map(
    (name) => `variable "${snake(name)}" {\n  type      = string\n  sensitive = true\n}`,
  );
  return [...variables, ...blocks].join('\n\n');
}

function hclBlock(properties: Record<string, unknown>): string {
  return hclValue(properties, '');
}

function hclValue(value: unknown, indent: string, name = ''): string {
  if (value instanceof Reference) return value.name;
  if (typeof value === 'string') return isSecretName(name) ? `var.${snake(name)}` : hclString(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${hclValue(item, inner)},`).join('\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const keys = entries.map(([key]) => (/^[A-Za-z_][\w-]*$/.test(key) ? key : hclString(key)));
  const widest = Math.max(...keys.map((key) => key.length));
  const lines = entries.map(
    ([key, item], index) => `${inner}${keys[index]!.padEnd(widest)} = ${hclValue(item, inner, key)}`,
  );
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function hclString(text: string): string {
  return JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', () => '%%{');
}

const RESOURCE_GROUP = 'Microsoft.Resources/resourceGroups';

interface Address {
  /** `Microsoft.DBforMySQL/flexibleServers/databases` */
  type: string;
  name: string;
  /** Id of what it lies in: a resource, its group, or the subscription. */
  parent?: string;
  resourceGroup?: string;
}

function addressOf(resourceId: string): Address {
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

function symbolOf(type: string): string {
  const last = type.split('/').at(-1) ?? 'resource';
  return last.replace(/s$/, '');
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function unique(symbol: string, taken: Map<string, string>): string {
  const used = new Set(taken.values());
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? symbol : `${symbol}${count}`;
    if (!used.has(candidate)) return candidate;
  }
}
