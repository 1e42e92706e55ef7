import { expect, test } from 'vitest';
import { parseRecent, withRecent } from './recent-servers.ts';

const key = (serverName: string) => ({ subscriptionId: 's', resourceGroup: 'g', serverName });
const now = new Date('2026-11-22T12:00:00Z');

test('keeps the newest first, each server once, and no more than eight', () => {
  let servers = withRecent([], key('a'), new Date(0));
  for (const name of ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) servers = withRecent(servers, key(name), now);
  expect(servers).toHaveLength(8);
  servers = withRecent(servers, key('C'), now);
  expect(servers.map((server) => server.key.serverName)).toEqual(['C', 'i', 'h', 'g', 'f', 'e', 'd', 'b']);
});

test('reads only what it wrote', () => {
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/a';
  const stored = [{ id, at: now.toISOString() }, { id: 'x', at: now.toISOString() }, { id, at: 'never' }, null, 7];
  expect(parseRecent(JSON.stringify(stored))).toEqual([{ key: key('a'), at: now.toISOString() }]);
  for (const broken of [null, '{', '{}', 'null']) expect(parseRecent(broken)).toEqual([]);
});
