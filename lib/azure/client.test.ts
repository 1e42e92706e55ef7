import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHttpHeaders, RestError, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { ArmClient } from './client.ts';
import { operationStatus } from './operations.ts';

const endpoint = 'https://localhost:8443';
const server = '/subscriptions/s/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/orders';
const credential = { getToken: async () => ({ token: 'a.b.c', expiresOnTimestamp: Date.now() + 3_600_000 }) };

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A service that gives these answers in turn and keeps what it was asked. */
function serviceWith(...answers: (Answer | Error)[]) {
  const asked: PipelineRequest[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      asked.push(request);
      const answer = answers[Math.min(asked.length, answers.length) - 1]!;
      if (answer instanceof Error) throw answer;
      const { status, body, headers } = answer;
      const bodyAsText = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      return { request, status, bodyAsText, headers: createHttpHeaders(headers) };
    },
  };
  return { asked, arm: new ArmClient({ resourceManagerEndpoint: endpoint }, credential, { httpClient }) };
}

const Item = z.object({ name: z.string() });

it('shakes hands once for all who ask under the same authority', async () => {
  const caFile = join(mkdtempSync(join(tmpdir(), 'fd-')), 'ca.pem');
  const settings: unknown[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      settings.push(request.tlsSettings);
      return { request, status: 200, bodyAsText: '{"name":"a"}', headers: createHttpHeaders() };
    },
  };
  const read = () =>
    new ArmClient({ resourceManagerEndpoint: endpoint, caFile }, credential, { httpClient }).get(server, '1', Item);
  writeFileSync(caFile, 'one');
  await read();
  await read();
  writeFileSync(caFile, 'other');
  await read();
  rmSync(dirname(caFile), { recursive: true });
  // By identity: that is what connections are kept by.
  expect(settings[0]).toBe(settings[1]);
  expect(settings[2]).toEqual({ ca: 'other' });
});

describe('the ARM client', () => {
  it('asks as the person, in the one api-version of the provider', async () => {
    const { arm, asked } = serviceWith({ status: 200, body: { name: 'orders' } });
    await expect(arm.get(server, '2023-12-30', Item)).resolves.toEqual({ name: 'orders' });
    expect(asked[0]?.url).toBe(`${endpoint}${server}?api-version=2024-12-30`);
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer a.b.c');
  });

  it('reads all pages, and follows no link that leads elsewhere', async () => {
    const { arm, asked } = serviceWith(
      { status: 200, body: { value: [{ name: 'a' }], nextLink: `${endpoint}/subscriptions?$skipToken=2` } },
      { status: 200, body: { value: [{ name: 'b' }], nextLink: null } },
    );
    await expect(arm.list('/subscriptions', '2022-12-01', Item)).resolves.toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(asked).toHaveLength(2);

    const foreign = serviceWith({ status: 200, body: { value: [], nextLink: 'https://evil.example/subscriptions' } });
    await expect(foreign.arm.list('/subscriptions', '2022-12-01', Item)).rejects.toMatchObject({ code: 'ForeignUrl' });
    expect(foreign.asked).toHaveLength(1);
  });

  it('throws a refusal with ARM’s code, words, target and request id', async () => {
    const { arm } = serviceWith({
      status: 409,
      headers: { 'x-ms-request-id': 'r-1' },
      body: { error: { code: 'ServerBusy', message: 'Another change is running.', target: 'orders' } },
    });
    await expect(arm.begin('PATCH', server, '2024-12-30', {})).rejects.toMatchObject({
      code: 'ServerBusy',
      status: 409,
      message: 'Another change is running.',
      target: 'orders',
      requestId: 'r-1',
    });
  });

  it('has words for what is no answer of ARM’s', async () => {
    const page = serviceWith({ status: 404, body: '<html>proxy</html>' });
    await expect(page.arm.get(server, '2024-12-30', Item)).rejects.toMatchObject({
      code: 'UnexpectedResponse',
      status: 404,
    });
    const shape = serviceWith({ status: 200, body: { title: 'no name' } });
    await expect(shape.arm.get(server, '2024-12-30', Item)).rejects.toMatchObject({
      code: 'UnexpectedResponse',
      status: 502,
    });
    const away = serviceWith(new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' }));
    await expect(away.arm.begin('DELETE', server, '2024-12-30')).rejects.toMatchObject({
      code: 'ResourceManagerUnreachable',
      status: 503,
    });
  });

  it('repeats a read that failed on the way, and never a write', async () => {
    const reading = serviceWith({ status: 503 }, { status: 200, body: { name: 'orders' } });
    await expect(reading.arm.get(server, '2024-12-30', Item)).resolves.toEqual({ name: 'orders' });
    const writing = serviceWith({ status: 503 });
    await expect(writing.arm.begin('POST', `${server}/restart`, '2024-12-30')).rejects.toMatchObject({ status: 503 });
    expect(writing.asked).toHaveLength(1);
  });

  it('hands over a begun operation, and takes no operation of another host', async () => {
    const operationUrl = `${endpoint}/subscriptions/s/providers/Microsoft.DBforMySQL/locations/eastus/azureAsyncOperation/1`;
    const begun = serviceWith({ status: 202, headers: { 'Azure-AsyncOperation': operationUrl, 'Retry-After': '1' } });
    await expect(begun.arm.begin('POST', `${server}/restart`, '2024-12-30')).resolves.toEqual({
      operationUrl,
      resourceId: server,
      retryAfterSeconds: 1,
      result: undefined,
    });
    const done = serviceWith({ status: 200, body: { name: 'orders' } });
    await expect(done.arm.begin('PUT', server, '2024-12-30', {})).resolves.toMatchObject({ operationUrl: null });
    const foreign = serviceWith({ status: 202, headers: { 'Azure-AsyncOperation': 'https://evil.example/x' } });
    await expect(foreign.arm.begin('PUT', server, '2024-12-30', {})).rejects.toMatchObject({ code: 'ForeignUrl' });
  });

  it('climbs out of no path', async () => {
    const { arm, asked } = serviceWith({ status: 200, body: {} });
    for (const path of [`${server}/../other`, `${server}/%2e%2E`, `/subscriptions/./s`]) {
      await expect(arm.begin('DELETE', path, '2024-12-30'), path).rejects.toMatchObject({ code: 'InvalidResourceId' });
    }
    expect(asked).toHaveLength(0);
  });
});

describe('the status of an operation', () => {
  const url = `${endpoint}/subscriptions/s/providers/Microsoft.DBforMySQL/locations/eastus/azureAsyncOperation/1`;
  const ask = (answer: Answer, at = url) => operationStatus(serviceWith(answer).arm, endpoint, at);

  it('is read from a status monitor', async () => {
    const body = { name: '1', status: 'InProgress', percentComplete: 40, properties: { stage: 'Starting MySQL' } };
    await expect(ask({ status: 200, headers: { 'Retry-After': '1' }, body })).resolves.toMatchObject({
      status: 'Running',
      percentComplete: 40,
      stage: 'Starting MySQL',
      retryAfterSeconds: 1,
    });
    const error = { code: 'StartFailed', message: 'mysqld ended.' };
    await expect(ask({ status: 200, body: { name: '1', status: 'Failed', error } })).resolves.toMatchObject({
      status: 'Failed',
      error,
    });
  });

  it('is read from a location that answers 202 until it is done', async () => {
    const location = `${endpoint}/subscriptions/s/operationresults/eyJ`;
    await expect(ask({ status: 202 }, location)).resolves.toMatchObject({ status: 'Running' });
    await expect(ask({ status: 204 }, location)).resolves.toMatchObject({ status: 'Succeeded' });
  });
});
