import { expect, it } from 'vitest';
import type { Zone } from '../arm/local/zone.ts';
import { describeZoneChange, shortLocation, zoneContents } from './zones.ts';

const zone = (primaries: number, standbys: number): Zone => ({
  id: '',
  name: '1',
  properties: { location: 'West Europe', state: 'Available', primaries, standbys },
});

it('says what is in a zone', () => {
  expect(zoneContents(zone(0, 0))).toBe('nothing');
  expect(zoneContents(zone(1, 2))).toBe('1 primary, 2 standbys');
});

it('says what losing one does, and interrupts nobody by bringing it back', () => {
  const key = { subscriptionId: 's', location: shortLocation('West Europe'), zone: '1' };
  expect(describeZoneChange(key, 'lose')).toMatchObject({
    resourceId: '/subscriptions/s/providers/Flexdeck.Local/locations/westeurope/zones/1',
    action: 'lose',
    restarts: expect.stringMatching(/fail over/),
  });
  expect(describeZoneChange(key, 'restore').restarts).toBeUndefined();
});
