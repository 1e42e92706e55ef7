import { createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { expect, it } from 'vitest';
import { mysqlApiVersionPolicy } from './api-version-policy.ts';

const SERVER = 'https://arm/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/orders';

async function sent(url: string): Promise<string> {
  const request = createPipelineRequest({ url });
  await mysqlApiVersionPolicy.sendRequest(request, async (next) => ({ request: next }) as PipelineResponse);
  return new URL(request.url).searchParams.get('api-version') ?? '';
}

it('sets one version for all that the MySQL provider answers', async () => {
  expect(await sent(`${SERVER}/databases?api-version=2023-06-01-preview`)).toBe('2024-12-30');
  expect(await sent(`${SERVER.toLowerCase()}?api-version=2021-05-01`)).toBe('2024-12-30');
});

it('leaves alone what another provider answers about a server', async () => {
  const permissions = `${SERVER}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  expect(await sent(permissions)).toBe('2022-04-01');
});

it('leaves a status monitor the version that its link came with', async () => {
  const monitor = 'https://arm/subscriptions/s/providers/Microsoft.DBforMySQL/locations/l/operationResults/1';
  expect(await sent(`${monitor}?api-version=2021-05-01`)).toBe('2021-05-01');
});
