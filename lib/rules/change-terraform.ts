import { addressOf, Reference, symbolOf, unique } from './change-address.ts';
import { isSecretName, requestsOf, secretsIn, snake, type ChangeDescription } from './change-description.ts';

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
