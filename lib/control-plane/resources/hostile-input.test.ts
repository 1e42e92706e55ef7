import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ACTION_GROUP, actionGroup, METRIC_ALERT, metricAlert, MUTING } from './conformance-alerts.ts';
import {
  createTestCloud,
  newServer,
  TEST_GROUP,
  TEST_SERVER,
  TEST_SUBSCRIPTION,
  withServer,
} from './conformance-world.ts';

/** Where a body is read, and what a right one looks like. */
const PLACES: readonly (readonly [string, string, unknown])[] = [
  ['PUT', TEST_GROUP, { location: 'westeurope', tags: { a: 'b' } }],
  ['PATCH', TEST_GROUP, { tags: { a: 'b' } }],
  ['PUT', `${TEST_GROUP}/providers/Microsoft.Resources/tags/default`, { properties: { tags: { a: 'b' } } }],
  [
    'PATCH',
    `${TEST_GROUP}/providers/Microsoft.Resources/tags/default`,
    { operation: 'Merge', properties: { tags: {} } },
  ],
  [
    'POST',
    `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.DBforMySQL/checkNameAvailability`,
    { name: 'a', type: 'b' },
  ],
  [
    'PUT',
    TEST_SERVER,
    newServer({ storage: { storageSizeGB: 32, iops: 400 }, backup: {}, network: {}, highAvailability: {} }),
  ],
  ['PUT', TEST_SERVER.replace('srv1', 'srv2'), newServer({ version: '9.7', maintenanceWindow: { dayOfWeek: 1 } })],
  [
    'PATCH',
    TEST_SERVER,
    { tags: {}, sku: { name: 'a', tier: 'b' }, properties: { storage: {}, maintenanceWindow: {} } },
  ],
  ['POST', `${TEST_SERVER}/restart`, { restartWithFailover: 'Disabled', maxFailoverSeconds: 1 }],
  ['PUT', `${TEST_SERVER}/firewallRules/a`, { properties: { startIpAddress: '1.1.1.1', endIpAddress: '1.1.1.2' } }],
  ['PUT', `${TEST_SERVER}/databases/a`, { properties: { charset: 'utf8mb4', collation: 'utf8mb4_bin' } }],
  ['PATCH', `${TEST_SERVER}/configurations/max_connections`, { properties: { value: '1', source: 'user-override' } }],
  [
    'POST',
    `${TEST_SERVER}/updateConfigurations`,
    { value: [{ name: 'a', properties: { value: '1' } }], resetAllToDefault: 'True' },
  ],
  ['PUT', ACTION_GROUP, actionGroup({ emailReceivers: [{ name: 'a', emailAddress: 'a@example.com' }] })],
  ['PUT', METRIC_ALERT, metricAlert({ actions: [] })],
  ['PATCH', METRIC_ALERT, metricAlert({ actions: [] })],
  ['POST', `${ACTION_GROUP}/createNotifications`, { alertType: 'metricstaticthreshold', webhookReceivers: [] }],
  [
    'PUT',
    MUTING,
    {
      location: 'global',
      properties: {
        scopes: [TEST_SERVER],
        conditions: [{ field: 'Severity', operator: 'Equals', values: ['Sev1'] }],
        schedule: { effectiveFrom: '2026-01-01T00:00:00' },
        actions: [{ actionType: 'RemoveAllActionGroups' }],
      },
    },
  ],
  [
    'POST',
    `${TEST_SERVER}/providers/Flexdeck.Local/alertPreviews`,
    { timespan: 'PT1H', rule: metricAlert().properties },
  ],
];

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    '',
    '__proto__',
    'constructor',
    -1,
    1e308,
    2 ** 53,
    '\u0000',
    '🐬',
    [],
    {},
    null,
    true,
    'x'.repeat(10_000),
  ),
);

/** A right body with something else in one of its places, or a member too many. */
function spoilt(body: unknown): fc.Arbitrary<unknown> {
  if (typeof body !== 'object' || body === null) return nasty;
  const entries = Object.entries(body);
  return fc.oneof(
    nasty,
    fc.tuple(fc.string(), nasty).map(([name, value]) => ({ ...body, [name]: value })),
    ...entries.map(([name, value]) =>
      spoilt(value).map((other) => (Array.isArray(body) ? [other] : { ...body, [name]: other })),
    ),
  );
}

describe('whatever a client sends', () => {
  it.each(PLACES)('%s %s answers with a success or a whole ARM error', async (method, path, body) => {
    const cloud = await withServer(createTestCloud());
    await fc.assert(
      fc.asyncProperty(spoilt(body), fc.constantFrom(...MYSQL_API_VERSIONS), async (input, version) => {
        const isOurs = path.includes('DBforMySQL') && !path.includes('Flexdeck.Local');
        const answer = await cloud.call(method, path, { body: input, ...(isOurs && { apiVersion: version }) });
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
        if (answer.status < 400) {
          await cloud.settle();
          return;
        }
        expect(answer.body.error.code).toMatch(/^[A-Z]\w+$/);
        expect(answer.body.error.message).toMatch(/[.)]'?$|AKA|Fix$/);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['$filter', `/subscriptions/${TEST_SUBSCRIPTION}/resources`],
    ['$filter', `/subscriptions/${TEST_SUBSCRIPTION}/resourcegroups`],
    ['$filter', `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`],
    ['$top', TEST_SERVER.slice(0, TEST_SERVER.lastIndexOf('/'))],
    ['$skipToken', TEST_SERVER.slice(0, TEST_SERVER.lastIndexOf('/'))],
    ['page', `${TEST_SERVER}/configurations`],
  ])('%s of %s may hold anything', async (parameter, path) => {
    const cloud = await withServer(createTestCloud());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom("name eq 'a' and", "a eq '", '-1', '0', '9'.repeat(40))),
        async (text) => {
          const answer = await cloud.call('GET', path, { query: { [parameter]: text } });
          expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keeps names in paths from meaning more than a name', async () => {
    const cloud = await withServer(createTestCloud());
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme' }), async (text) => {
        const name = encodeURIComponent(text);
        for (const path of [`firewallRules/${name}`, `databases/${name}`, `configurations/${name}`]) {
          const answer = await cloud.call('GET', `${TEST_SERVER}/${path}`);
          expect(answer.status).toBeLessThan(500);
        }
        const put = await cloud.call('PUT', TEST_SERVER.replace('srv1', name), { body: newServer() });
        expect(put.status).toBeLessThan(500);
        await cloud.settle();
      }),
      { numRuns: 100 },
    );
  });
});
