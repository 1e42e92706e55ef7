import { expect, test } from 'vitest';
import { deploymentSteps, nextRule } from './deployment-steps';
import { findDeployment, parseDeployments, withDeployment, withoutDeployment } from './pending-deployment';

const office = { name: 'office', startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.9' };
const home = { name: 'home', startIpAddress: '10.1.0.1', endIpAddress: '10.1.0.1' };
const inForce = (rule: typeof office) => ({ id: `/x/${rule.name}`, name: rule.name, properties: rule });
const serverIn = (state: string) => ({ id: '/x', name: 'orders', location: 'eastus', properties: { state } });

const observed = {
  serverName: 'orders',
  resourceGroup: 'shop',
  operation: { status: 'Succeeded' },
  server: serverIn('Ready'),
  serverError: undefined,
  wanted: [office, home],
  existing: [],
  running: undefined,
  refused: {},
};

const states = (changes: Partial<Parameters<typeof deploymentSteps>[0]>) =>
  deploymentSteps({ ...observed, ...changes }).map(({ state }) => state);

const notFound = { status: 404, code: 'ResourceNotFound', message: 'Gone.' };

test.each([
  [
    'while the server is made, rules wait',
    { operation: { status: 'Running' }, server: serverIn('Updating'), existing: undefined },
    ['done', 'running', 'waiting', 'waiting'],
  ],
  [
    'a server that says Ready too early still runs',
    { operation: { status: 'Running' } },
    ['done', 'running', 'waiting', 'waiting'],
  ],
  [
    'rules in force are done, others run or wait',
    { existing: [inForce(office)], running: 'home' },
    ['done', 'done', 'done', 'running'],
  ],
  [
    'a rule of the name with other addresses is not done',
    { existing: [inForce({ ...office, endIpAddress: '10.0.0.8' })] },
    ['done', 'done', 'waiting', 'waiting'],
  ],
  [
    'a refused rule is failed until it is in force',
    { existing: [inForce(home)], refused: { office: notFound, home: notFound } },
    ['done', 'done', 'failed', 'done'],
  ],
  [
    'a failed operation is failed',
    { operation: { status: 'Failed' }, server: undefined, serverError: notFound },
    ['done', 'failed', 'waiting', 'waiting'],
  ],
  [
    'with no operation known the server speaks',
    { operation: undefined, server: serverIn('Starting') },
    ['done', 'running', 'waiting', 'waiting'],
  ],
  [
    'with neither it failed',
    { operation: undefined, server: undefined, serverError: notFound },
    ['done', 'failed', 'waiting', 'waiting'],
  ],
  [
    'between the operation’s end and the first answer it runs',
    { server: undefined, serverError: undefined },
    ['done', 'running', 'waiting', 'waiting'],
  ],
  [
    'before the first answer nothing is claimed',
    { operation: undefined, server: undefined, serverError: undefined },
    ['running', 'running', 'waiting', 'waiting'],
  ],
  [
    'a group that is gone says so',
    { operation: undefined, server: undefined, serverError: { ...notFound, code: 'ResourceGroupNotFound' } },
    ['failed', 'waiting', 'waiting', 'waiting'],
  ],
  ['a disabled server is failed', { server: serverIn('Disabled') }, ['done', 'failed', 'waiting', 'waiting']],
])('%s', (_, changes, expected) => {
  expect(states(changes)).toEqual(expected);
});

test('a failed creation says whether something of it is left', () => {
  const step = (changes: object) => deploymentSteps({ ...observed, operation: { status: 'Failed' }, ...changes })[1];
  expect(step({ server: undefined, serverError: notFound })?.detail).toBe('Nothing of it was left behind.');
  expect(step({})?.detail).toBeUndefined();
});

test('rules are put one after another, only on a Ready server whose rules are known, and none that was refused', () => {
  const next = (changes: Partial<typeof observed>) => nextRule({ ...observed, ...changes } as typeof observed)?.name;
  expect(next({})).toBe('office');
  expect(next({ existing: [inForce(office)] as never })).toBe('home');
  expect(next({ refused: { office: notFound } as never })).toBe('home');
  expect(next({ running: 'office' as never })).toBeUndefined();
  expect(next({ existing: undefined })).toBeUndefined();
  expect(next({ server: serverIn('Stopped') })).toBeUndefined();
  expect(next({ operation: { status: 'Running' } })).toBeUndefined();
  expect(next({ existing: [inForce(office), inForce(home)] as never })).toBeUndefined();
});

const key = { subscriptionId: 's', resourceGroup: 'shop', serverName: 'orders' };
const kept = {
  resourceId: '/subscriptions/S/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/Orders',
  operationUrl: null,
  startedAt: '2026-11-22T12:00:00.000Z',
  rules: [office],
};
const soon = new Date('2026-11-22T13:00:00Z');

test('a kept deployment is found again, without regard to case, for a day', () => {
  const text = JSON.stringify(withDeployment([], kept));
  expect(findDeployment(parseDeployments(text, soon), key)).toEqual(kept);
  expect(parseDeployments(text, new Date('2026-11-23T12:00:01Z'))).toEqual([]);
  expect(findDeployment(parseDeployments(text, soon), { ...key, serverName: 'other' })).toBeUndefined();
});

test('what others wrote into the storage is left out', () => {
  for (const text of [null, 'nonsense', '{}', '[1, {"resourceId": 1}]'])
    expect(parseDeployments(text, soon)).toEqual([]);
});

test('a newer one takes the older one’s place, and goes', () => {
  const both = withDeployment([kept], { ...kept, rules: [home] });
  expect(both).toHaveLength(1);
  expect(both[0]?.rules).toEqual([home]);
  expect(withoutDeployment(both, kept.resourceId.toLowerCase())).toEqual([]);
});
