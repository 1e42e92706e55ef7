import { beforeEach, expect, test } from 'vitest';
import { openControlDatabase, type Database } from './database.ts';
import { insertInstance, listInstances, readPrimary, setProcess } from './instances.ts';
import {
  findServer,
  findServerByName,
  insertServer,
  listServers,
  moveServers,
  readServer,
  updateServer,
} from './servers.ts';

let database: Database;
beforeEach(() => {
  database = openControlDatabase(':memory:');
});

const intent = {
  tags: { team: 'shop' },
  sku: { name: 'Standard_B1ms', tier: 'Burstable' },
  properties: { administratorLogin: 'o', version: '9.7', availabilityZone: '1', storage: { storageSizeGB: 20 } },
};

function insert(name: string, now = 0) {
  const server = {
    id: `id-${name}-${now}`,
    subscriptionId: 'S',
    resourceGroup: 'G',
    name,
    location: 'westeurope',
    intent,
  };
  return insertServer(database, { ...server, state: 'Updating' }, { block: '127.83.5', now });
}

test('a server comes back as it was put in, and is found without regard to case', () => {
  const row = insert('orders');
  expect(row).toMatchObject({ intent, address: '127.83.5.1', port: null, front: 'none', revision: 1, overrides: {} });
  expect(findServer(database, { subscriptionId: 's', resourceGroup: 'g', serverName: 'ORDERS' })).toEqual(row);
  expect(listServers(database, { subscriptionId: 's' })).toEqual([row]);
  expect(listServers(database, { subscriptionId: 's', resourceGroup: 'other' })).toEqual([]);
});

test('every change raises the revision', () => {
  const { id } = insert('orders');
  updateServer(database, id, { state: 'Ready', stateReason: 'why', overrides: { sort_buffer_size: '1' } });
  expect(readServer(database, id)).toMatchObject({ revision: 2, state: 'Ready', overrides: { sort_buffer_size: '1' } });
  updateServer(database, id, { stateReason: null });
  updateServer(database, id, {});
  expect(readServer(database, id)).toMatchObject({ revision: 4, stateReason: null });
});

test('a deleted server frees its name at once, and its address when all others have been had', () => {
  const first = insert('orders');
  updateServer(database, first.id, { deletedAt: 10 });
  expect(findServerByName(database, 'orders')).toBeUndefined();
  expect(insert('orders', 1).address).toBe('127.83.5.2');
  for (let host = 3; host <= 254; host++) expect(insert(`s${host}`).address).toBe(`127.83.5.${host}`);
  expect(insert('late').address).toBe(first.address);
  expect(() => insert('none')).toThrow(
    expect.objectContaining({ status: 409, message: expect.stringContaining('All 254 server addresses') }),
  );
});

test('servers move to another block, with the same last number where that is free', () => {
  insert('one');
  insert('two');
  expect(moveServers(database, '127.83.5')).toEqual([]);
  updateServer(database, insert('gone').id, { deletedAt: 1 });
  expect(moveServers(database, '127.83.9').map(({ server, from }) => [server.name, from, server.address])).toEqual([
    ['one', '127.83.5.1', '127.83.9.1'],
    ['two', '127.83.5.2', '127.83.9.2'],
  ]);
  insert('one-more');
  expect(moveServers(database, '127.83.9')[0]!.server.address).toBe('127.83.9.3');
});

test('instances get numbers of their own, and know their process', () => {
  const one = insert('one');
  const two = insert('two');
  for (const { id } of [one, two]) {
    insertInstance(database, { id: `i-${id}`, serverId: id, role: 'primary', zone: '1', runtimeId: 'r' }, 0);
  }
  expect(listInstances(database).map(({ mysqlServerId }) => mysqlServerId)).toEqual([1, 2]);
  const process = { pid: 7, startedAt: 'boot/42' };
  setProcess(database, `i-${two.id}`, process);
  expect(readPrimary(database, two.id)).toMatchObject({ process, desired: 'stopped', restarts: [] });
  expect(readPrimary(database, one.id).process).toBeUndefined();
});
