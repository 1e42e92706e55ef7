import { isSecretName, requestsOf, secretInShell, secretsIn, type ChangeDescription } from './change-description.ts';

const AZURE = 'https://management.azure.com';

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
