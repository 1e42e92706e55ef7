import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { ArmError } from '../../arm/error.ts';
import { listActivityEvents } from '../store/activity.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { findOperation, listOperationsInProgress, readJournal, type Caller } from '../store/operations.ts';
import { insertServer, readServer, updateServer } from '../store/servers.ts';
import type { Begin, Engine, OperationDefinition, Step } from './definition.ts';
import { createEngine } from './engine.ts';

const SUBSCRIPTION = '6f1f6a0e-1111-4222-8333-944455556666';
const SERVER_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/s`;
const log = pino({ level: 'silent' });

/** The world that the fake steps change: a set of facts, as real steps have files and processes. */
interface FakeWorld {
  facts: Set<string>;
  calls: string[];
}

let database: Database;
let world: FakeWorld;
let ids = 0;
let time = 1_000;

const caller: Caller = {
  objectId: '0',
  name: 'owner@local',
  kind: 'User',
  tenantId: 't',
  correlationId: 'c',
  clientAddress: '127.0.0.1',
  method: 'PUT',
  url: '/',
};

beforeEach(() => {
  database = openControlDatabase(':memory:');
  world = { facts: new Set(), calls: [] };
  insertServer(
    database,
    {
      id: 'server',
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'g',
      name: 's',
      location: 'l',
      intent: {} as never,
      state: 'Updating',
    },
    { block: '127.83.7', now: 0 },
  );
});

function fact(name: string, options: Partial<Step<FakeWorld>> = {}): Step<FakeWorld> {
  return {
    name,
    stage: `Doing ${name}`,
    ensure: ({ world: { facts, calls } }) => {
      calls.push(name);
      facts.add(name);
    },
    undo: ({ world: { facts, calls } }) => {
      calls.push(`undo ${name}`);
      facts.delete(name);
    },
    ...options,
  };
}

const broken = (name: string) =>
  fact(name, {
    ensure({ world: { facts } }) {
      facts.add(name);
      throw new ArmError('DiskFull', 500, 'The disk is full.');
    },
  });

function define(steps: Step<FakeWorld>[], options: Partial<OperationDefinition<FakeWorld>> = {}) {
  return {
    armName: 'MakeManagementOperation',
    title: 'Make',
    action: 'Test/make/action',
    exclusive: true,
    lane: 'server',
    whenAStepFails: 'undo' as const,
    steps,
    succeeded: () => updateServer(database, 'server', { state: 'Ready' }),
    failed: () => updateServer(database, 'server', { state: 'Disabled' }),
    ...options,
  };
}

class Death extends Error {}

/** An engine in a process of its own: a death ends all that it would still do. */
function engineOf(
  definitions: Record<string, OperationDefinition<FakeWorld>>,
  diesAt?: string,
  delay = async () => {},
): Engine & { died: Promise<void> } {
  const death = Promise.withResolvers<void>();
  const engine = createEngine<FakeWorld>({
    database,
    clock: { now: () => ++time },
    log,
    definitions,
    world,
    newId: () => `id-${++ids}`,
    delay,
    failpoint(operation, step, when) {
      if (`${operation}/${step}/${when}` !== diesAt) return;
      death.resolve();
      throw new Death();
    },
  });
  return Object.assign(engine, { died: death.promise });
}

const request = (kind: string, input: unknown = {}): Begin => ({
  kind,
  serverId: 'server',
  resourceId: SERVER_ID,
  subscriptionId: SUBSCRIPTION,
  location: 'l',
  apiVersion: 'v',
  input,
  caller,
});

const events = () =>
  listActivityEvents(database, { subscriptionId: SUBSCRIPTION, from: 0, to: 9e15 }, { limit: 100 }).map(
    ({ event }) => event,
  );

test('runs its steps in order and publishes last', async () => {
  const seen: string[] = [];
  const watch = fact('watch', { ensure: () => void seen.push(readServer(database, 'server').state) });
  const engine = engineOf({ make: define([fact('one'), watch, fact('two')]) });
  const begun = engine.begin(request('make'));
  expect(engine.progress(begun)).toEqual({ stage: 'Doing one', percentComplete: 0 });
  const ended = await engine.ended(begun.id);
  expect(world.calls).toEqual(['one', 'two']);
  expect(seen).toEqual(['Updating']);
  expect(readServer(database, 'server').state).toBe('Ready');
  expect(ended).toMatchObject({ status: 'Succeeded', error: null });
  expect(engine.progress(ended).percentComplete).toBe(100);
  expect(events().map(({ status }) => status?.value)).toEqual(['Succeeded', 'Started']);
});

test('undoes in reverse what was begun when a step fails', async () => {
  const engine = engineOf({ make: define([fact('one'), fact('two'), broken('three'), fact('four')]) });
  const ended = await engine.ended(engine.begin(request('make')).id);
  expect(ended).toMatchObject({ status: 'Failed', error: { code: 'DiskFull', message: 'The disk is full.' } });
  expect(world.calls).toEqual(['one', 'two', 'undo three', 'undo two', 'undo one']);
  expect(world.facts).toEqual(new Set());
  expect(readServer(database, 'server').state).toBe('Disabled');
  expect(events()[0]).toMatchObject({ level: 'Error', description: 'The disk is full.' });
});

test('leaves what is there where that is said', async () => {
  const engine = engineOf({ make: define([fact('one'), broken('two')], { whenAStepFails: 'leave' }) });
  await engine.ended(engine.begin(request('make')).id);
  expect(world.calls).toEqual(['one']);
});

test('says what it could not undo, and ends', async () => {
  const stuck = fact('stuck', {
    undo() {
      world.calls.push('try');
      throw new Error('It is held.');
    },
  });
  const engine = engineOf({ make: define([fact('one'), stuck, broken('three')]) });
  const { error } = await engine.ended(engine.begin(request('make')).id);
  expect(error?.details).toEqual([{ code: 'CleanUpIncomplete', message: 'It is held.', target: 'stuck' }]);
  expect(world.calls).toEqual(['one', 'stuck', 'undo three', 'try', 'try', 'try', 'undo one']);
});

describe('a daemon that dies', () => {
  const forward = { make: define([fact('one'), fact('two'), fact('three')]) };
  const failing = { make: define([fact('one'), fact('two'), broken('three')]) };
  const positions = (steps: string[]) => steps.flatMap((step) => [`make/${step}/before`, `make/${step}/after`]);

  async function dieAndResume(definitions: typeof forward, position: string) {
    const first = engineOf(definitions, position);
    const { id } = first.begin(request('make'));
    await first.died;
    await first.stop();
    const second = engineOf(definitions);
    const resumed = second.resume();
    return { resumed, ended: await second.ended(id) };
  }

  test.each(positions(['one', 'two', 'three']))('at %s is gone on with', async (position) => {
    const { resumed, ended } = await dieAndResume(forward, position);
    expect(resumed).toBe(1);
    expect(ended.status).toBe('Succeeded');
    expect(world.facts).toEqual(new Set(['one', 'two', 'three']));
    const twice = world.calls.filter((call, index) => world.calls.indexOf(call) !== index);
    expect(twice).toEqual(position.endsWith('after') ? [position.split('/')[1]] : []);
    expect(listOperationsInProgress(database)).toEqual([]);
    expect(events()).toHaveLength(2);
  });

  test('before the end is published is published by the next', async () => {
    const { ended } = await dieAndResume(forward, 'make/published/before');
    expect(ended.status).toBe('Succeeded');
    expect(world.calls).toEqual(['one', 'two', 'three']);
  });

  test.each(positions(['undo-three', 'undo-two', 'undo-one']))('at %s is undone to the end', async (position) => {
    const { ended } = await dieAndResume(failing, position);
    expect(ended).toMatchObject({ status: 'Failed', error: { code: 'DiskFull' } });
    expect(world.facts).toEqual(new Set());
    expect(world.calls.filter((call) => call === 'one')).toHaveLength(1);
  });

  test('has what the machine takes away ensured again, and nothing else', async () => {
    const definitions = { make: define([fact('file'), fact('process', { perishable: true }), fact('last')]) };
    const { ended } = await dieAndResume(definitions, 'make/last/before');
    expect(ended.status).toBe('Succeeded');
    expect(world.calls).toEqual(['file', 'process', 'process', 'last']);
  });
});

test('skips what is not needed, and does not undo it', async () => {
  const engine = engineOf({ make: define([fact('no', { needed: () => false }), fact('yes'), broken('end')]) });
  const { id } = await engine.ended(engine.begin(request('make')).id);
  expect(world.calls).toEqual(['yes', 'undo end', 'undo yes']);
  expect(readJournal(database, id).get('no')).toBe('skipped');
});

describe('beginning', () => {
  test('is refused while another exclusive operation has the server, and names it', async () => {
    const gate = Promise.withResolvers<void>();
    const waits = fact('waits', { ensure: () => gate.promise });
    const engine = engineOf({
      make: define([waits]),
      beside: define([fact('b')], { exclusive: false, lane: 'beside' }),
    });
    const first = engine.begin(request('make'));
    expect(() => engine.begin(request('make'))).toThrow(
      expect.objectContaining({
        code: 'ServerIsBusy',
        status: 409,
        message: expect.stringMatching(/'s'.*Make.*Doing waits/),
      }),
    );
    expect((await engine.ended(engine.begin(request('beside')).id)).status).toBe('Succeeded');
    gate.resolve();
    await engine.ended(first.id);
    expect((await engine.ended(engine.begin(request('make')).id)).status).toBe('Succeeded');
  });

  test('records intent and operation together or not at all', () => {
    const engine = engineOf({ make: define([fact('one')]) });
    const record = () => {
      updateServer(database, 'server', { state: 'Stopped' });
      throw new ArmError('No', 400, 'No.');
    };
    expect(() => engine.begin(request('make'), record)).toThrow('No.');
    expect(readServer(database, 'server').state).toBe('Updating');
    expect(listOperationsInProgress(database)).toEqual([]);
    expect(events()).toEqual([]);
  });

  test('forgets what of the input may not be kept, at the end', async () => {
    const keepOfInput = () => ({ name: 's' });
    const engine = engineOf({ make: define([fact('one')], { keepOfInput }) });
    const { id } = await engine.ended(engine.begin(request('make', { name: 's', hash: 'h' })).id);
    expect(findOperation(database, id)?.input).toEqual({ name: 's' });
  });
});

test('operations of one lane run one after the other, in the order of beginning, also after a restart', async () => {
  const order: string[] = [];
  const slow = fact('slow', {
    async ensure({ input }) {
      order.push(`begin ${String(input)}`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`end ${String(input)}`);
    },
  });
  const definitions = { rule: define([slow], { exclusive: false, lane: 'rules' }) };
  const first = engineOf(definitions);
  await first.stop();
  // What a daemon has begun and not run is what the next one finds.
  const before = engineOf(definitions, 'rule/slow/before');
  before.begin(request('rule', 'a'));
  const last = before.begin(request('rule', 'b'));
  await before.died;
  await before.stop();
  const next = engineOf(definitions);
  expect(next.resume()).toBe(2);
  await next.ended(last.id);
  expect(order).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('stops after the running step; the next engine goes on', async () => {
  const gate = Promise.withResolvers<void>();
  const definitions = { make: define([fact('one', { ensure: () => gate.promise }), fact('two')]) };
  const first = engineOf(definitions);
  const { id } = first.begin(request('make'));
  await new Promise((resolve) => setImmediate(resolve));
  const stopped = first.stop();
  gate.resolve();
  await stopped;
  expect(Object.fromEntries(readJournal(database, id))).toEqual({ one: 'done' });
  expect(() => first.begin(request('make'))).toThrow(expect.objectContaining({ status: 503 }));
  const second = engineOf(definitions);
  second.resume();
  expect((await second.ended(id)).status).toBe('Succeeded');
  expect(world.calls).toEqual(['two']);
});

test('stops while one operation waits for another; the next engine finishes both', async () => {
  const gate = Promise.withResolvers<void>();
  const waits: Step<FakeWorld> = {
    name: 'innerEnded',
    stage: 'Waiting',
    async ensure({ engine, input }) {
      expect((await engine.ended(String(input))).status).toBe('Succeeded');
    },
  };
  const definitions = {
    inner: define([fact('one', { ensure: () => gate.promise }), fact('two')]),
    outer: define([waits], { exclusive: false, lane: 'outer', whenAStepFails: 'leave' }),
  };
  const first = engineOf(definitions);
  const inner = first.begin(request('inner'));
  const outer = first.begin(request('outer', inner.id));
  await new Promise((resolve) => setImmediate(resolve));
  const stopped = first.stop();
  gate.resolve();
  await stopped;
  expect(listOperationsInProgress(database).map(({ id }) => id)).toEqual([inner.id, outer.id]);
  const second = engineOf(definitions);
  second.resume();
  expect((await second.ended(outer.id)).status).toBe('Succeeded');
});

test('goes on when the journal can be written again', async () => {
  const full = fact('one', { ensure: () => database.exec('PRAGMA query_only = ON') });
  let waits = 0;
  const engine = engineOf({ make: define([full, fact('two')]) }, undefined, async () => {
    waits += 1;
    database.exec('PRAGMA query_only = OFF');
    // Ensured again, the step does not fill the disk a second time.
    full.ensure = () => {};
  });
  const { status } = await engine.ended(engine.begin(request('make')).id);
  expect({ status, waits }).toEqual({ status: 'Succeeded', waits: 1 });
});
