import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import * as z from 'zod';
import { MYSQL_NAMESPACE, SERVER_TYPE } from '../../arm/resource-id.ts';
import { serverNameProblem } from '../../rules/names.ts';
import { findServerByName } from '../store/servers.ts';
import { capabilityList, capabilitySet } from './capabilities.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { offerOf, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { requireRegion } from './server-requirements.ts';

const PROVIDER = `/subscriptions/{subscriptionId}/providers/${MYSQL_NAMESPACE}`;
const LOCATION = `${PROVIDER}/locations/{locationName}`;
const HAS_SETS = MYSQL_API_VERSIONS.filter((version) => isAtLeast(version, '2023-06-01-preview'));

const NameAvailabilityRequest = z.strictObject({ name: z.string(), type: z.string().nullish() });

/** What the provider itself answers: is a name free, what does a location offer. */
export function serviceOperationRoutes(resources: Resources): ArmRoute[] {
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    action: string | null,
    handle: ArmRoute['handle'],
    apiVersions: readonly string[] = MYSQL_API_VERSIONS,
  ): ArmRoute => ({ method, path, operationId, action, apiVersions, handle });
  const region = (request: ArmRequest) => {
    requireSubscription(resources, request);
    return requireRegion(request.params['locationName']!);
  };
  const capabilitiesRead = `${MYSQL_NAMESPACE}/locations/capabilities/read`;
  const setsRead = `${MYSQL_NAMESPACE}/locations/capabilitySets/read`;
  const setIn = (request: ArmRequest) =>
    capabilitySet(request.params['subscriptionId']!, region(request), offerOf(resources), {
      intervals: isAtLeast(request.apiVersion, '2023-12-30'),
      features: isAtLeast(request.apiVersion, '2024-10-01-preview'),
    });

  return [
    route(
      'POST',
      `${PROVIDER}/checkNameAvailability`,
      'CheckNameAvailabilityWithoutLocation_Execute',
      `${MYSQL_NAMESPACE}/checkNameAvailability/action`,
      (request) => nameAvailability(resources, request),
    ),
    route(
      'POST',
      `${LOCATION}/checkNameAvailability`,
      'CheckNameAvailability_Execute',
      `${MYSQL_NAMESPACE}/locations/checkNameAvailability/action`,
      (request) => {
        region(request);
        return nameAvailability(resources, request);
      },
    ),
    route('GET', `${LOCATION}/capabilities`, 'LocationBasedCapabilities_List', capabilitiesRead, (request) => {
      return { status: 200, body: page(request, capabilityList(region(request), offerOf(resources))) };
    }),
    route(
      'GET',
      `${LOCATION}/capabilitySets`,
      'LocationBasedCapabilitySet_List',
      setsRead,
      (request) => ({ status: 200, body: page(request, [setIn(request)]) }),
      HAS_SETS,
    ),
    route(
      'GET',
      `${LOCATION}/capabilitySets/{capabilitySetName}`,
      'LocationBasedCapabilitySet_Get',
      setsRead,
      (request) => {
        const name = request.params['capabilitySetName']!;
        if (name.toLowerCase() !== 'default') throw childNotFound(`${MYSQL_NAMESPACE}/locations/capabilitySets`, name);
        return { status: 200, body: setIn(request) };
      },
      HAS_SETS,
    ),
    route(
      'POST',
      `/providers/${MYSQL_NAMESPACE}/getPrivateDnsZoneSuffix`,
      'GetPrivateDnsZoneSuffix_Execute',
      null,
      () => ({ status: 200, body: { privateDnsZoneSuffix: 'mysql.localhost' } }),
    ),
  ];
}

function nameAvailability(resources: Resources, request: ArmRequest): ArmResponse {
  requireSubscription(resources, request);
  const { name, type } = parseBody(NameAvailabilityRequest, request.body, 'NameAvailabilityRequest');
  if (type && type.toLowerCase() !== SERVER_TYPE.toLowerCase()) {
    throw invalidParameter('type', `Invalid value given for parameter 'type'. Allowed values: ${SERVER_TYPE}.`);
  }
  const problem = serverNameProblem(name);
  if (problem) return { status: 200, body: { nameAvailable: false, reason: 'Invalid', message: problem } };
  if (findServerByName(resources.control.world.database, name)) {
    const message = 'Specified server name is already used.';
    return { status: 200, body: { nameAvailable: false, reason: 'AlreadyExists', message } };
  }
  return { status: 200, body: { nameAvailable: true, message: '' } };
}
