import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { Region } from '../../rules/regions.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { zoneWords } from '../operations/zones.ts';
import { transaction } from '../store/database.ts';
import { listInstances } from '../store/instances.ts';
import { deleteLostZone, findLostZone, insertLostZone } from '../store/lost-zones.ts';
import { listServers } from '../store/servers.ts';
import { page } from './paging.ts';
import { requireSubscription, callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { requireRegion, requireZone } from './server-requirements.ts';

const TYPE = `${FLEXDECK_LOCAL}/locations/zones`;
const LIST = `/subscriptions/{subscriptionId}/providers/${FLEXDECK_LOCAL}/locations/{locationName}/zones`;
const ONE = `${LIST}/{zoneName}`;

/** Zones of a location: lose one to see what that does, and bring it back. */
export function zoneRoutes(resources: Resources): ArmRoute[] {
  const { world } = resources.control;
  const { database, clock, newId } = world;
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    permission: string,
    handle: (request: ArmRequest, region: Region) => ArmResponse,
  ): ArmRoute => ({
    method,
    path,
    operationId,
    action: `${TYPE}/${permission}`,
    apiVersions: [FLEXDECK_LOCAL_VERSION],
    handle: (request) => handle(request, requireRegion(request.params['locationName']!)),
  });
  const place = (request: ArmRequest, region: Region) => ({
    subscriptionId: requireSubscription(resources, request).id,
    location: region.name,
  });
  const shape = (request: ArmRequest, region: Region, zone: string) => {
    const { subscriptionId, location } = place(request, region);
    const lost = findLostZone(database, { subscriptionId, location }, zone);
    const servers = listServers(database, { subscriptionId }).filter((server) => server.location === location);
    const count = (role: 'primary' | 'standby') =>
      servers.flatMap(({ id }) => listInstances(database, id)).filter((row) => row.role === role && row.zone === zone)
        .length;
    return {
      id: `/subscriptions/${subscriptionId}/providers/${FLEXDECK_LOCAL}/locations/${location}/zones/${zone}`,
      name: zone,
      type: TYPE,
      properties: {
        location: region.displayName,
        state: lost ? 'Lost' : 'Available',
        ...(lost && { lostTime: new Date(lost.lostAt).toISOString(), lostBy: lost.lostBy }),
        primaries: count('primary'),
        standbys: count('standby'),
      },
    };
  };
  const zoneOf = (request: ArmRequest, region: Region) => {
    const zone = request.params['zoneName']!;
    requireZone(zone, region);
    return zone;
  };
  /** Recorded here; the zones reconciler acts on it. */
  const change = (how: 'lose' | 'restore') => (request: ArmRequest, region: Region) => {
    const zone = zoneOf(request, region);
    const at = place(request, region);
    const caller = callerOf(request, 'POST');
    const { id } = shape(request, region, zone);
    if ((how === 'lose') === (findLostZone(database, at, zone) !== undefined)) {
      const words = how === 'lose' ? 'is lost already.' : 'is not lost.';
      throw new ArmError('OperationNotAllowed', 409, `${zoneWords(at, zone)} ${words}`, { target: 'zoneName' });
    }
    transaction(database, () => {
      const now = clock.now();
      if (how === 'lose') insertLostZone(database, { ...at, zone, lostAt: now, lostBy: caller.name });
      else deleteLostZone(database, at, zone);
      recordActivity(database, {
        action: `${TYPE}/${how}/action`,
        title: how === 'lose' ? 'Lose zone' : 'Bring zone back',
        resourceId: id,
        caller,
        status: 'Succeeded',
        story:
          how === 'lose'
            ? `${zoneWords(at, zone)} is lost until somebody brings it back. What ran in it was ended.`
            : `${zoneWords(at, zone)} is back. What belongs there is started again.`,
        operationId: newId(),
        eventId: newId(),
        at: now,
      });
    });
    return { status: 200, body: shape(request, region, zone) };
  };

  return [
    route('GET', LIST, 'Zones_List', 'read', (request, region) => ({
      status: 200,
      body: page(
        request,
        region.zones.map((zone) => shape(request, region, zone)),
      ),
    })),
    route('GET', ONE, 'Zones_Get', 'read', (request, region) => ({
      status: 200,
      body: shape(request, region, zoneOf(request, region)),
    })),
    route('POST', `${ONE}/lose`, 'Zones_Lose', 'lose/action', change('lose')),
    route('POST', `${ONE}/restore`, 'Zones_Restore', 'restore/action', change('restore')),
  ];
}
