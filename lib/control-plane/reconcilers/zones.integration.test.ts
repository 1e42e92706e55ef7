import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { isAlive } from '../mysql/adoption.ts';
import { until } from '../testing/daemon.ts';
import { FaultedPair } from '../testing/faulted-pair.ts';
import { createHighlyAvailable } from '../testing/high-availability.ts';
import { HighlyAvailableServer } from '../testing/highly-available-server.ts';
import { connectTo } from '../testing/writers.ts';

const SECONDS = 1000;
const pair = new FaultedPair('across');
const { server } = pair;
const alone = new HighlyAvailableServer(pair.home, 'alone');
let aloneId: string;

beforeAll(async () => {
  await pair.create();
  aloneId = pair.id.replace(/across$/, 'alone');
  await createHighlyAvailable(pair.daemon, aloneId, { availabilityZone: '1' });
}, 180 * SECONDS);

afterAll(() => pair.destroy(process.env.FLEXDECK_KEEP_LOGS !== undefined));

const zone = (name: string, action = '') =>
  `/subscriptions/${pair.daemon.ready.subscriptionId}/providers/${FLEXDECK_LOCAL}/locations/westeurope/zones/${name}${action}?api-version=${FLEXDECK_LOCAL_VERSION}`;

test('a zone is lost and brought back', { timeout: 240 * SECONDS }, async () => {
  const { daemon } = pair;
  expect((await daemon.arm('GET', zone('1'))).body.properties).toMatchObject({ state: 'Available', primaries: 2 });
  expect((await daemon.arm('POST', zone('1', '/lose'), undefined, { account: 'reader' })).status).toBe(403);
  expect((await daemon.arm('POST', zone('7', '/lose'))).body.error.code).toBe('InvalidAvailabilityZone');
  const { epoch } = server.row;

  const report = await pair.underLoad(async () => {
    expect(await daemon.arm('POST', zone('1', '/lose'))).toMatchObject({
      status: 200,
      body: { properties: { state: 'Lost' } },
    });
    await server.failsOver(epoch);
    await until(30 * SECONDS, () => alone.row.state === 'Disabled' || undefined);
    expect(alone.row.stateReason).toMatch(/Zone 1 of West Europe is lost/);
    await expect(connectTo(alone.target)).rejects.toThrow(/disabled/);

    // The one has its standby there, which waits for the zone.
    await until(30 * SECONDS, () => server.row.haReason?.includes('is lost. It is brought back') || undefined);
    expect(server.standby.zone).toBe('1');
    const refused = { status: 409, body: { error: { code: 'ZoneLost' } } };
    expect(await daemon.arm('POST', `${aloneId}/start`)).toMatchObject(refused);
    const body = {
      location: 'westeurope',
      properties: { administratorLogin: 'owner', administratorLoginPassword: 'Correct-horse-1', availabilityZone: '1' },
    };
    expect(await daemon.arm('PUT', aloneId.replace(/alone$/, 'never'), body)).toMatchObject(refused);

    await daemon.kill9();
    await pair.startDaemon();
    await until(
      30 * SECONDS,
      async () => (await pair.daemon.arm('GET', zone('1'))).body.properties.state === 'Lost' || undefined,
    );
    expect(alone.primary.process && isAlive(alone.primary.process)).toBeFalsy();

    expect((await pair.daemon.arm('POST', zone('1', '/restore'))).status).toBe(200);
    await until(60 * SECONDS, () => alone.row.state === 'Ready' || undefined);
    const connection = await connectTo(alone.target);
    await connection.end();
  });
  expect(report.longestGapMs).toBeLessThan(10_000);
  expect(server.primary.zone).toBe('2');
  expect(server.row.haState).toBe('Healthy');
});
