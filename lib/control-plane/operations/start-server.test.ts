import { expect, test } from 'vitest';
import { openControlDatabase } from '../store/database.ts';
import { endOperation, findOperation, insertOperation, type Caller } from '../store/operations.ts';
import { insertServer, updateServer } from '../store/servers.ts';
import { startServer } from './start-server.ts';
import type { World } from './world.ts';

const SERVER = { id: 'server', subscriptionId: 's', resourceGroup: 'g', name: 'orders', location: 'westeurope' };

test.each([
  ['Succeeded' as const, undefined],
  ['Failed' as const, 'The server was never made whole. Delete it and create it again.'],
])('a disabled server whose creation %s', (status, problem) => {
  const database = openControlDatabase(':memory:');
  insertServer(database, { ...SERVER, intent: {} as never, state: 'Updating' }, { block: '127.83.5', now: 0 });
  updateServer(database, 'server', { state: 'Disabled' });
  insertOperation(database, {
    id: 'create',
    kind: 'create-server',
    serverId: 'server',
    subscriptionId: 's',
    location: 'westeurope',
    resourceId: '/server',
    apiVersion: 'v',
    exclusive: true,
    input: {},
    stage: '',
    caller: {} as Caller,
    startedAt: 0,
  });
  endOperation(database, 'create', { status, stage: '', error: null, input: {}, at: 1 });
  const start = () => startServer.check?.({ database } as World, findOperation(database, 'create')!);
  if (problem) expect(start).toThrow(problem);
  else expect(start).not.toThrow();
});
