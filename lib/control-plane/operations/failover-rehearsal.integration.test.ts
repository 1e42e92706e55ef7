import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { FailoverRehearsal, RehearsalKind } from '../../arm/local/failover-rehearsal.ts';
import { rows } from '../mysql/client.ts';
import { listRehearsalsWithTraces } from '../store/failover-rehearsals.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { destroyHome, makeHome, startDaemon, until, type ArmAnswer, type TestDaemon } from '../testing/daemon.ts';
import { createHighlyAvailable } from '../testing/high-availability.ts';
import { HighlyAvailableServer } from '../testing/highly-available-server.ts';

const SECONDS = 1000;
const LONG = { timeout: 120 * SECONDS };
const all = test.runIf(process.env.FLEXDECK_ALL_FAULTS === '1');

const home = makeHome();
const server = new HighlyAvailableServer(home, 'rehearsed');
let daemon: TestDaemon;
let id: string;

beforeAll(async () => {
  daemon = await startDaemon({ home });
  const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/ha`;
  await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
  id = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/rehearsed`;
  await createHighlyAvailable(daemon, id);
}, 180 * SECONDS);

afterAll(() => destroyHome(home));

const url = (name = '') =>
  `${id}/providers/${FLEXDECK_LOCAL}/failoverRehearsals${name && `/${name}`}?api-version=${FLEXDECK_LOCAL_VERSION}`;

const begin = (name: string, kind: RehearsalKind): Promise<ArmAnswer> =>
  daemon.arm('PUT', url(name), { properties: { kind } });

async function rehearse(name: string, kind: RehearsalKind): Promise<FailoverRehearsal['properties']> {
  expect(await daemon.ended(await begin(name, kind))).toMatchObject({ status: 'Succeeded' });
  const { body } = await daemon.arm('GET', url(name));
  return body.properties;
}

/** Schemas and accounts of rehearsals, on both sides. */
async function traces(): Promise<string[]> {
  const found = await Promise.all(
    (['primary', 'standby'] as const).map((side) =>
      server.on(side, (own) =>
        rows<{ name: string }>(
          own,
          `SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'flexdeck\\_rehearsal%'
           UNION ALL SELECT user FROM mysql.user WHERE user LIKE 'flexdeck\\_rehearsal%'`,
        ),
      ),
    ),
  );
  return found.flat().map(({ name }) => name);
}

const noTraces = () => until(15 * SECONDS, async () => (await traces()).length === 0 || undefined);

test('of a planned failover finds nothing lost and nobody refused', LONG, async () => {
  const { report, samples, state } = await rehearse('planned', 'Planned');
  expect(state).toBe('Succeeded');
  expect(report).toMatchObject({
    acknowledgedAndLost: 0,
    refusedConnections: 0,
    comparedOn: ['primary', 'standby'],
    zonesBefore: { primary: '1', standby: '2' },
    zonesAfter: { primary: '2', standby: '1' },
  });
  expect(report!.acknowledgedWrites).toBeGreaterThan(100);
  const sum = samples!.acknowledged.reduce((total, count) => total + count, 0);
  expect(sum).toBe(report!.acknowledgedWrites);
  for (const { start, end } of report!.phases) expect(end).toBeGreaterThanOrEqual(start);
  await noTraces();
});

test.each(['KillPrimary', 'FreezePrimary'] as const)('of %s fails over by itself', LONG, async (kind) => {
  const { epoch } = server.row;
  const { report } = await rehearse(kind.toLowerCase(), kind);
  expect(server.row.epoch).toBe(epoch + 1);
  expect(report).toMatchObject({ acknowledgedAndLost: 0, comparedOn: ['primary', 'standby'] });
  expect(report!.lostConnections).toBeGreaterThan(0);
  await noTraces();
});

all('of a forced failover', LONG, async () => {
  expect((await rehearse('forced', 'Forced')).report).toMatchObject({ acknowledgedAndLost: 0 });
});

test('names a row that was acknowledged and is gone', LONG, async () => {
  const begun = await begin('robbed', 'Planned');
  await until(30 * SECONDS, async () => {
    const [schema] = (await traces()).filter((name) => name.includes('rehearsal'));
    if (!schema) return undefined;
    // Written long before the failover, so acknowledged.
    const [gone] = await server
      .on('primary', (own) => own.query(`DELETE FROM ${schema}.written WHERE number = 7`))
      .catch(() => []);
    return (gone as { affectedRows?: number } | undefined)?.affectedRows === 1 || undefined;
  });
  expect(await daemon.ended(begun)).toMatchObject({ status: 'Succeeded' });
  const { body } = await daemon.arm('GET', url('robbed'));
  expect(body.properties.report).toMatchObject({ acknowledgedAndLost: 1, lostRows: [7] });
  await noTraces();
});

test('leaves nothing behind when the daemon is killed in the middle, and says so', LONG, async () => {
  await server.becomes('Healthy');
  await begin('killed', 'Planned');
  await until(30 * SECONDS, async () => (await traces()).length > 0 || undefined);
  await daemon.kill9();
  daemon = await startDaemon({ home });
  await until(60 * SECONDS, () => server.read(listOperationsInProgress).length === 0 || undefined);
  const { body } = await daemon.arm('GET', url('killed'));
  expect(body.properties).toMatchObject({ state: 'Failed', error: { code: 'FailoverRehearsalInterrupted' } });
  expect(server.read(listRehearsalsWithTraces)).toEqual([]);
  await noTraces();
});

test('is kept, and refused where it makes no sense', LONG, async () => {
  await server.becomes('Healthy');
  const { body } = await daemon.arm('GET', url());
  const names = body.value.map(({ name }: { name: string }) => name);
  expect(names).toContain('planned');
  expect(await begin('planned', 'Planned')).toMatchObject({
    status: 409,
    body: { error: { code: 'FailoverRehearsalExists' } },
  });
  expect(await daemon.arm('PUT', url('wrong'), { properties: { kind: 'Earthquake' } })).toMatchObject({ status: 400 });
  expect(
    await daemon.arm('PUT', url('mine'), { properties: { kind: 'Planned' } }, { account: 'reader' }),
  ).toMatchObject({
    status: 403,
  });
  expect((await daemon.arm('DELETE', url('planned'))).status).toBe(200);
  expect((await daemon.arm('GET', url('planned'))).status).toBe(404);
  server.signal('standby', 'SIGKILL');
  await server.becomes('CreatingStandby', 30 * SECONDS);
  expect(await begin('alone', 'Planned')).toMatchObject({
    status: 409,
    body: { error: { code: 'HighAvailabilityNotHealthy' } },
  });
  await server.becomes('Healthy');
});
