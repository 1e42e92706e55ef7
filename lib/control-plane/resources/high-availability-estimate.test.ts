import { expect, it } from 'vitest';
import { createTestCloud, TEST_SERVER, withServer } from './conformance-world.ts';

const ASK = `${TEST_SERVER}/validateEstimateHighAvailability`;

it('says where a standby would be, and that enabling it interrupts nothing', async () => {
  const cloud = createTestCloud();
  await withServer(cloud);
  const ask = (body: unknown) => cloud.call('POST', ASK, { body, apiVersion: '2024-10-01-preview' });
  const burstable = await ask({ expectedStandbyAvailabilityZone: '2' });
  expect(burstable.body.error).toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringMatching(/Burstable/),
  });

  const sku = { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' };
  await cloud.call('PATCH', TEST_SERVER, { body: { sku } });
  await cloud.settle();
  expect((await ask({ expectedStandbyAvailabilityZone: '3' })).body).toEqual({
    estimatedDowntime: 0,
    scheduledStandbyAvailabilityZone: '3',
    expectedStandbyAvailabilityZone: '3',
  });
  expect((await ask({ expectedStandbyAvailabilityZone: '1' })).body.scheduledStandbyAvailabilityZone).toBe('1');
  expect((await ask({})).body.scheduledStandbyAvailabilityZone).toBe('2');
  expect((await ask({ expectedStandbyAvailabilityZone: '9' })).body.error.code).toBe('InvalidAvailabilityZone');
});
