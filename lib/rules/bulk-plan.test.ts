import { expect, test } from 'vitest';
import { describeBulk, planBulk } from './bulk-plan.ts';
import { requestsOf } from './change-description.ts';
import { toFleetServer } from './fleet.ts';
import { changeTags, tagProblem } from './tags.ts';

const server = (name: string, state: string, tags: Record<string, string> = {}) =>
  toFleetServer(
    {
      id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/${name}`,
      name,
      location: 'eastus',
      tags,
      properties: { state },
    },
    'Local',
  )!;

test('leaves out servers that an action does not suit, with the reason', () => {
  const steps = planBulk('stop', [server('a', 'Ready'), server('b', 'Stopped'), server('c', 'Updating')]);
  expect(steps.map(({ leftOut }) => leftOut)).toEqual([
    undefined,
    'The server is already stopped.',
    'Another change is running. Wait until the server is Ready.',
  ]);
  const change = describeBulk(steps)!;
  expect(requestsOf(change).map(({ resourceId, action }) => [resourceId.split('/').at(-1), action])).toEqual([
    ['a', 'stop'],
  ]);
  expect(describeBulk(planBulk('start', [server('a', 'Ready')]))).toBeUndefined();
});

test('sends all tags of a server, and only where something changes', () => {
  const servers = [server('a', 'Ready', { Team: 'shop', old: 'x' }), server('b', 'Ready', { team: 'web' })];
  const steps = planBulk('tag', servers, { set: [{ name: 'team', value: 'web' }], remove: ['OLD'] });
  expect(steps[0]).toMatchObject({
    tags: { team: 'web' },
    change: { method: 'PATCH', body: { tags: { team: 'web' } } },
  });
  expect(steps[1]).toMatchObject({ leftOut: 'Its tags are as wanted.' });
});

test('keeps the other tags', () => {
  expect(changeTags({ a: '1', b: '2' }, [{ name: 'B', value: '3' }], [])).toEqual({ a: '1', B: '3' });
});

test('refuses tags that ARM refuses', () => {
  expect(tagProblem({ name: 'environment', value: '' })).toBeUndefined();
  expect(tagProblem({ name: '', value: 'x' })?.field).toBe('name');
  expect(tagProblem({ name: 'a/b', value: 'x' })?.field).toBe('name');
  expect(tagProblem({ name: 'a', value: 'x'.repeat(257) })?.field).toBe('value');
});
