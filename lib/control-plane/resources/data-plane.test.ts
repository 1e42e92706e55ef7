import { expect, it } from 'vitest';
import { createTestCloud, TEST_SERVER, withServer } from './conformance-world.ts';
import { createDataPlane } from './data-plane.ts';
import { requireServer } from './resources.ts';
import type { ArmRequest } from './route.ts';

it.each(['listDatabases', 'readConfigurations'] as const)(
  '%s says so while the server does not answer, or is stopped',
  async (read) => {
    const cloud = await withServer(createTestCloud());
    const { world } = cloud.resources.control;
    const dataPlane = createDataPlane(world);
    const [, , subscriptionId, , resourceGroupName, , , , serverName] = TEST_SERVER.split('/') as string[];
    const params = { subscriptionId, resourceGroupName, serverName };
    const server = () => requireServer(cloud.resources, { params } as unknown as ArmRequest);
    // Ready, as far as the store knows, and no process behind it.
    await expect(dataPlane[read](server())).rejects.toMatchObject({
      code: 'ServerNotReady',
      status: 409,
      message: expect.stringMatching(/does not answer right now/),
    });
    await cloud.call('POST', `${TEST_SERVER}/stop`);
    await cloud.settle();
    await expect(dataPlane[read](server())).rejects.toMatchObject({
      code: 'ServerNotReady',
      message: 'The server is stopped. Start it first.',
    });
  },
);
