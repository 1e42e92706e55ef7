import { beforeEach, expect, it } from 'vitest';
import { openControlDatabase, type Database } from '../store/database.ts';
import { listFirewallRules, putFirewallRule } from '../store/firewall-rules.ts';
import { endOperation, findOperation, insertOperation } from '../store/operations.ts';
import { insertServer } from '../store/servers.ts';
import type { OperationContext } from './definition.ts';
import { putFirewallRuleOperation, type FirewallRuleInput } from './firewall-rule.ts';
import type { World } from './world.ts';

const RESOURCE =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/s/firewallRules/office';
const before = { serverId: 'server', name: 'office', startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.1' };
const first = { ...before, endIpAddress: '10.0.0.2' };
const second = { ...before, endIpAddress: '10.0.0.3' };
let database: Database;

beforeEach(() => {
  database = openControlDatabase(':memory:');
  const server = {
    id: 'server',
    subscriptionId: 's',
    resourceGroup: 'g',
    name: 's',
    location: 'l',
    intent: {} as never,
  };
  insertServer(database, { ...server, state: 'Ready' }, { block: '127.83.7', now: 0 });
  begin('first');
});

function begin(id: string): void {
  insertOperation(database, {
    id,
    kind: 'put-firewall-rule',
    serverId: 'server',
    subscriptionId: 's',
    location: 'l',
    resourceId: id === 'first' ? RESOURCE : RESOURCE.toUpperCase(),
    apiVersion: '2024-12-30',
    exclusive: false,
    input: {},
    stage: '',
    caller: {} as never,
    startedAt: 0,
  });
}

/** The first operation fails, and takes back what it recorded. */
async function undoFirst(): Promise<void> {
  const context = {
    world: { database, fronts: { push: async () => [] } },
    operation: findOperation(database, 'first')!,
    input: { name: 'office', previous: before },
  } as unknown as OperationContext<World, FirewallRuleInput>;
  await putFirewallRuleOperation.steps[0]!.undo!(context);
}

it('has the old rule back when it fails', async () => {
  putFirewallRule(database, first);
  await undoFirst();
  expect(listFirewallRules(database, 'server')).toEqual([before]);
});

it('leaves alone what a later operation wants of the same rule', async () => {
  putFirewallRule(database, second);
  begin('second');
  await undoFirst();
  expect(listFirewallRules(database, 'server')).toEqual([second]);
});

it('does not count one that has ended', async () => {
  putFirewallRule(database, first);
  begin('second');
  endOperation(database, 'second', { status: 'Failed', stage: '', error: null, input: {}, at: 1 });
  await undoFirst();
  expect(listFirewallRules(database, 'server')).toEqual([before]);
});
