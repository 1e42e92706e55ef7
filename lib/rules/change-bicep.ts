import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { addressOf, Reference, RESOURCE_GROUP, symbolOf, unique } from './change-address.ts';
import { isSecretName, requestsOf, secretsIn, type ChangeDescription } from './change-description.ts';

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
    const { isExtension } = resource;
    const parentVersion = isExtension ? MYSQL_API_VERSION : request.apiVersion;
    const parent = declareParents(resource.parent, parentVersion, declared, blocks);
    const symbol = unique(symbolOf(resource.type), declared);
    declared.set(request.resourceId.toLowerCase(), symbol);
    for (const [name] of secretsIn(request.body)) secrets.add(name);
    const properties = {
      ...(parent && { [isExtension ? 'scope' : 'parent']: new Reference(parent) }),
      name: resource.name,
      ...request.body,
    };
    const note =
      request.method === 'PATCH' ? '// Only what changes: merge it into the declaration that you have.\n' : '';
    blocks.push(`${note}resource ${symbol} '${resource.type}@${request.apiVersion}' = ${bicepValue(properties, '')}`);
  }
  const parameters = [...secrets].map((name) => `@secure()\nparam ${name} string`);
  const first = addressOf(change.resourceId);
  const scope = first.type === RESOURCE_GROUP ? ["targetScope = 'subscription'"] : [];
  return [...scope, ...parameters, ...blocks].join('\n\n');
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
