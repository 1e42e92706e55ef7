import * as z from 'zod';
import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { findRegion } from '../../rules/regions.ts';
import { findSku } from '../../rules/skus.ts';
import { planHighAvailability } from './high-availability-intent.ts';
import { parseBody } from './parse-body.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { intentOf } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

/** `HighAvailabilityValidationEstimation`; its other members are the answer's. */
const Estimation = z.strictObject({
  expectedStandbyAvailabilityZone: z.string().nullish(),
  scheduledStandbyAvailabilityZone: z.unknown().optional(),
  estimatedDowntime: z.unknown().optional(),
});

/** Whether a server may have a standby, where it would be, and how long enabling it would interrupt: not at all. */
export function highAvailabilityEstimateRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'POST',
      path: `${ONE_SERVER}/validateEstimateHighAvailability`,
      operationId: 'Servers_ValidateEstimateHighAvailability',
      action: `${SERVER_TYPE}/validateEstimateHighAvailability/action`,
      apiVersions: MYSQL_API_VERSIONS.filter((version) => isAtLeast(version, '2023-12-30')),
      handle(request) {
        const server = requireServer(resources, request);
        const { sku, properties } = intentOf(server);
        const { availabilityZone, highAvailability, storage } = properties;
        const region = findRegion(server.location)!;
        const { expectedStandbyAvailabilityZone: expected } = parseBody(Estimation, request.body);
        const mode = expected && expected === availabilityZone ? 'SameZone' : 'ZoneRedundant';
        const isEnabled = highAvailability.mode !== 'Disabled';
        // Throws what enabling it would be refused with.
        const planned = planHighAvailability(
          isEnabled ? undefined : { mode, ...(expected && { standbyAvailabilityZone: expected }) },
          { sku: findSku(sku.name)!, storage, availabilityZone, region, before: highAvailability },
        );
        const other = region.zones.find((zone) => zone !== availabilityZone) ?? availabilityZone;
        const scheduledStandbyAvailabilityZone = planned.standbyAvailabilityZone ?? other;
        return {
          status: 200,
          body: {
            estimatedDowntime: 0,
            scheduledStandbyAvailabilityZone,
            expectedStandbyAvailabilityZone: expected ?? scheduledStandbyAvailabilityZone,
          },
        };
      },
    },
  ];
}
