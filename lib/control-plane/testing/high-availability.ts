/** Makes highly available servers of a real daemon, and checks what must hold after every fault. */
import { expect } from 'vitest';
import { rows } from '../mysql/client.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { until, type TestDaemon } from './daemon.ts';
import { PASSWORD, type HighlyAvailableServer } from './highly-available-server.ts';
import { connectTo, missingRows } from './writers.ts';

/** Everything is at rest, both sides are there, nothing acknowledged is missing on either, and one takes writes. */
export async function expectWhole(server: HighlyAvailableServer, numbers: readonly number[]): Promise<void> {
  await server.becomes('Healthy');
  await until(30_000, () => server.read(listOperationsInProgress).length === 0 || undefined);
  expect(server.row.state).toBe('Ready');
  const connection = await connectTo(server.target);
  expect(await missingRows(connection, numbers)).toEqual([]);
  await connection.end();
  const state = async (side: 'primary' | 'standby') =>
    server.on(side, async (own) => {
      const [gtids] = await rows<{ executed: string }>(own, 'SELECT @@GLOBAL.gtid_executed AS executed');
      const [sums] = await rows<{ Checksum: number }>(own, 'CHECKSUM TABLE checker.numbers');
      const [readOnly] = await rows<{ value: number }>(own, 'SELECT @@GLOBAL.super_read_only AS value');
      return { executed: gtids!.executed, checksum: sums!.Checksum, readOnly: readOnly!.value };
    });
  const sides = async () => [await state('primary'), await state('standby')] as const;
  await until(15_000, async () => {
    const [one, other] = await sides();
    return (one.executed === other.executed && one.checksum === other.checksum) || undefined;
  }).catch(async () => {
    const [replica] = await server.on('standby', (own) => rows(own, 'SHOW REPLICA STATUS'));
    throw new Error(`The two sides differ: ${JSON.stringify({ sides: await sides(), replica }, null, 2)}`);
  });
  expect((await state('primary')).readOnly).toBe(0);
  expect((await state('standby')).readOnly).toBe(1);
}

/** @param properties more of the server's properties. */
export async function createHighlyAvailable(
  daemon: TestDaemon,
  id: string,
  properties: Record<string, unknown> = { highAvailability: { mode: 'ZoneRedundant' } },
): Promise<void> {
  const made = await daemon.arm('PUT', id, {
    location: 'westeurope',
    sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
    properties: {
      administratorLogin: 'owner',
      administratorLoginPassword: PASSWORD,
      storage: { storageSizeGB: 20 },
      ...properties,
    },
  });
  expect(await daemon.ended(made)).toMatchObject({ status: 'Succeeded' });
  const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
  expect(await daemon.ended(await daemon.arm('PUT', `${id}/firewallRules/here`, rule))).toMatchObject({
    status: 'Succeeded',
  });
}
