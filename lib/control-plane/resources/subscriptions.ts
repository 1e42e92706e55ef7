import { REGIONS, type Region } from '../../rules/regions.ts';
import { listSubscriptions, type SubscriptionRow } from '../store/subscriptions.ts';
import { page } from './paging.ts';
import { requireSubscription, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { SUBSCRIPTION_API_VERSIONS } from './arm-versions.ts';

const READ = 'Microsoft.Resources/subscriptions/read';

/** Tenants, subscriptions and their locations. Their lists name a `nextLink` always: the official file requires it. */
export function subscriptionRoutes(resources: Resources): ArmRoute[] {
  const { control, authorizer } = resources;
  const { database } = control.world;
  return [
    {
      method: 'GET',
      path: '/tenants',
      operationId: 'Tenants_List',
      action: null,
      apiVersions: SUBSCRIPTION_API_VERSIONS,
      handle: (request) => {
        const { tenantId } = request.principal;
        const tenant = {
          id: `/tenants/${tenantId}`,
          tenantId,
          tenantCategory: 'Home',
          displayName: 'Flexdeck',
          domains: ['local'],
        };
        return { status: 200, body: { nextLink: '', ...page(request, [tenant]) } };
      },
    },
    {
      method: 'GET',
      path: '/subscriptions',
      operationId: 'Subscriptions_List',
      action: null,
      apiVersions: SUBSCRIPTION_API_VERSIONS,
      handle: (request) => {
        const visible = listSubscriptions(database).filter(({ id }) =>
          authorizer.isAllowed(request.principal, READ, `/subscriptions/${id}`),
        );
        return {
          status: 200,
          body: {
            nextLink: '',
            ...page(request, visible.map(armSubscription)),
          },
        };
      },
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}',
      operationId: 'Subscriptions_Get',
      action: READ,
      apiVersions: SUBSCRIPTION_API_VERSIONS,
      handle: (request) => ({ status: 200, body: armSubscription(requireSubscription(resources, request)) }),
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/locations',
      operationId: 'Subscriptions_ListLocations',
      action: 'Microsoft.Resources/subscriptions/locations/read',
      apiVersions: SUBSCRIPTION_API_VERSIONS,
      handle: (request) => {
        const { id } = requireSubscription(resources, request);
        return { status: 200, body: { value: REGIONS.map((region) => armLocation(id, region, request.apiVersion)) } };
      },
    },
  ];
}

function armSubscription({ id, displayName, tenantId }: SubscriptionRow) {
  return {
    id: `/subscriptions/${id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: id,
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

function armLocation(subscriptionId: string, { name, displayName, paired, zones }: Region, apiVersion: string) {
  const id = (location: string) => `/subscriptions/${subscriptionId}/locations/${location}`;
  return {
    id: id(name),
    name,
    ...(apiVersion >= '2020-01-01' && { type: 'Region' }),
    displayName,
    regionalDisplayName: displayName,
    metadata: {
      regionType: 'Physical',
      regionCategory: 'Recommended',
      pairedRegion: [{ name: paired, id: id(paired) }],
    },
    ...(apiVersion >= '2022-12-01' && {
      availabilityZoneMappings: zones.map((zone) => ({ logicalZone: zone, physicalZone: `${name}-az${zone}` })),
    }),
  };
}
