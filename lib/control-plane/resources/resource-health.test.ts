import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findServerByName } from '../store/servers.ts';
import { insertHealth } from '../store/server-health.ts';
import { createTestCloud, TEST_GROUP, TEST_SERVER, TEST_SUBSCRIPTION, withServer } from './conformance-world.ts';

const TYPE = 'providers/Microsoft.ResourceHealth/availabilityStatuses';
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 23, 6);

const time = z.iso.datetime();
/** What an availability status may have by Azure's reference, before 2022-10-01 and from then on. */
const shape = (recentlyResolved: z.ZodRawShape, since2022: z.ZodRawShape) =>
  z.strictObject({
    id: z.string(),
    name: z.string(),
    type: z.literal('Microsoft.ResourceHealth/AvailabilityStatuses'),
    location: z.string(),
    properties: z.strictObject({
      availabilityState: z.enum(['Available', 'Unavailable', 'Degraded', 'Unknown']),
      // Answers have it in all versions, the reference since 2022.
      title: z.string(),
      summary: z.string(),
      reasonType: z.enum(['Planned', 'Unplanned', 'UserInitiated']).optional(),
      reasonChronicity: z.enum(['Transient', 'Persistent']),
      occuredTime: time,
      reportedTime: time.optional(),
      rootCauseAttributionTime: time.optional(),
      recentlyResolved: z.strictObject(recentlyResolved).optional(),
      recommendedActions: z
        .array(z.strictObject({ action: z.string(), actionUrl: z.string(), actionUrlText: z.string() }))
        .optional(),
      ...since2022,
    }),
  });
const BY_VERSION = {
  '2020-05-01': shape({ unavailableOccurredTime: time, resolvedTime: time, unavailabilitySummary: z.string() }, {}),
  '2022-10-01': shape(
    { unavailableOccuredTime: time, resolvedTime: time, unavailableSummary: z.string() },
    { context: z.enum(['Customer', 'Platform']).optional(), category: z.enum(['Planned', 'Unplanned']).optional() },
  ),
};

describe.each(Object.entries(BY_VERSION))('resource health %s', (apiVersion, status) => {
  const cloud = createTestCloud({ now: () => NOW });
  const get = async (path: string, query?: Record<string, string>) =>
    (await cloud.call('GET', path, { apiVersion, ...(query && { query }) })).body;
  const one = `${TEST_SERVER}/${TYPE}`;

  beforeAll(async () => {
    await withServer(cloud);
  });

  it('says that nothing is known of a server that nobody has looked at', async () => {
    const now = status.parse(await get(`${one}/current`));
    expect(now.properties).toMatchObject({ availabilityState: 'Unknown', reportedTime: '2026-11-23T06:00:00.000Z' });
  });

  it('has what holds now first, and what was by the time it began', async () => {
    const { database } = cloud.resources.control.world;
    const { id: serverId } = findServerByName(database, 'srv1')!;
    const well = { serverId, state: 'Available', reasonType: null, title: 'Available', summary: 'Fine.' } as const;
    const dead = { serverId, state: 'Unavailable', title: 'MySQL ended', summary: 'It ended by itself.' } as const;
    insertHealth(database, { ...well, at: NOW - 30 * MINUTE });
    insertHealth(database, { ...dead, reasonType: 'UserInitiated', at: NOW - 20 * MINUTE });
    insertHealth(database, { ...dead, reasonType: 'Unplanned', at: NOW - 10 * MINUTE });
    const list = z.strictObject({ value: z.array(status) });

    const down = list.parse(await get(one, { $expand: 'RecommendedActions' })).value;
    expect(down.map(({ name }) => name)).toEqual([
      'current',
      '2026-11-23+05%3a40%3a00.000Z',
      '2026-11-23+05%3a30%3a00.000Z',
    ]);
    expect(down[0]!.properties).toMatchObject({
      reasonType: 'Unplanned',
      rootCauseAttributionTime: '2026-11-23T05:50:00.000Z',
      recommendedActions: [{ actionUrlText: 'resource blade', action: expect.stringContaining('resource blade') }],
    });
    expect('context' in down[0]!.properties).toBe(apiVersion === '2022-10-01');
    expect(down[2]!.properties).not.toHaveProperty('reportedTime');

    insertHealth(database, { ...well, at: NOW - MINUTE });
    const up = status.parse(await get(`${one}/current`, { $expand: 'recommendedactions' }));
    expect(up.properties.recentlyResolved).toMatchObject({ resolvedTime: '2026-11-23T05:59:00.000Z' });
    expect(up.properties).not.toHaveProperty('recommendedActions');
    expect(list.parse(await get(`${TEST_GROUP}/${TYPE}`)).value).toEqual([up]);
    expect(list.parse(await get(`/subscriptions/${TEST_SUBSCRIPTION}/${TYPE}`)).value).toEqual([up]);
  });
});
