import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MySQLManagementFlexibleServerClient } from '@azure/arm-mysql-flexible';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type PipelinePolicy,
} from '@azure/core-rest-pipeline';
import type { TestDaemon } from './daemon.ts';

/** Where an operation is watched keeps the version of its link. */
const WATCHING = /\/locations\/[^/]+\/(azureAsyncOperation|operationResults)\//i;

/**
 * Azure's JavaScript SDK as another project's pipeline has it: signed in as the service principal, with the home's CA.
 *
 * @param query set on every request that is not a look at an operation: `api-version`, `$top`.
 */
export function sdkClient({ home, ready }: TestDaemon, query: Record<string, string> = {}) {
  const ca = readFileSync(ready.caFile, 'utf8');
  const client = new MySQLManagementFlexibleServerClient(
    { getToken: (scopes) => clientCredentials(home, ca, [scopes].flat().join(' ')) },
    ready.subscriptionId,
    { endpoint: ready.resourceManagerEndpoint, tlsOptions: { ca } },
  );
  const asking: PipelinePolicy = {
    name: 'asking',
    sendRequest(request, next) {
      const url = new URL(request.url);
      if (!WATCHING.test(url.pathname))
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      request.url = url.href;
      return next(request);
    },
  };
  client.pipeline.addPolicy(asking);
  return client;
}

async function clientCredentials(
  home: string,
  ca: string,
  scope: string,
): Promise<{ token: string; expiresOnTimestamp: number }> {
  const principal = JSON.parse(readFileSync(join(home, 'service-principal.json'), 'utf8')) as Record<string, string>;
  const form = { client_id: principal['clientId']!, client_secret: principal['clientSecret']!, scope };
  const request = createPipelineRequest({
    url: `${principal['authorityHost']}/${principal['tenantId']}/oauth2/v2.0/token`,
    method: 'POST',
    headers: createHttpHeaders({ 'content-type': 'application/x-www-form-urlencoded' }),
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
  });
  request.tlsSettings = { ca };
  const { bodyAsText, status } = await createDefaultHttpClient().sendRequest(request);
  if (status !== 200) throw new Error(`No token: ${status} ${bodyAsText}`);
  const { access_token: token, expires_in: seconds } = JSON.parse(bodyAsText!) as {
    access_token: string;
    expires_in: number;
  };
  return { token, expiresOnTimestamp: Date.now() + seconds * 1000 };
}
