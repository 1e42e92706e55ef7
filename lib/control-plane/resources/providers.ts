import { MYSQL_API_VERSION } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import { REGIONS } from '../../rules/regions.ts';
import { RESOURCES_API_VERSIONS } from './arm-versions.ts';
import { page } from './paging.ts';
import { requireSubscription, type Resources } from './resources.ts';
import type { ArmResponse, ArmRoute } from './route.ts';

/** A path that ends below an instance, or with a verb after a colon, is an action. What is our own is listed nevertheless. */
const ACTION = /^(?!.*\/providers\/Flexdeck\.Local\/).*(\{(serverName|actionGroupName|alertId)\}|:[^/]+$)/;

interface ProviderType {
  resourceType: string;
  locations: string[];
  apiVersions: string[];
  defaultApiVersion?: string;
  zoneMappings?: { location: string; zones: string[] }[];
  capabilities: string;
}

/**
 * The providers as the routes themselves say what there is: namespace, types and api-versions are read from their
 * paths, so that this list never promises what is not served.
 *
 * @param routes all others, those of `identity/` too.
 */
export function providerRoutes(resources: Resources, routes: readonly ArmRoute[]): ArmRoute[] {
  const providers = describe(routes);
  const route = (path: string, operationId: string, handle: ArmRoute['handle']): ArmRoute => ({
    method: 'GET',
    path,
    operationId,
    action: null,
    apiVersions: RESOURCES_API_VERSIONS,
    handle,
  });
  const one = (namespace: string, prefix: string): ArmResponse => {
    const found = providers.find((provider) => provider.namespace.toLowerCase() === namespace.toLowerCase());
    if (!found) {
      throw new ArmError('InvalidResourceNamespace', 404, `The resource namespace '${namespace}' is invalid.`);
    }
    return { status: 200, body: armProvider(found, prefix) };
  };
  return [
    route('/subscriptions/{subscriptionId}/providers', 'Providers_List', (request) => {
      const prefix = `/subscriptions/${requireSubscription(resources, request).id}`;
      return {
        status: 200,
        body: page(
          request,
          providers.map((provider) => armProvider(provider, prefix)),
        ),
      };
    }),
    route('/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}', 'Providers_Get', (request) =>
      one(request.params['resourceProviderNamespace']!, `/subscriptions/${requireSubscription(resources, request).id}`),
    ),
    {
      ...route(
        '/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}/register',
        'Providers_Register',
        (request) =>
          one(
            request.params['resourceProviderNamespace']!,
            `/subscriptions/${requireSubscription(resources, request).id}`,
          ),
      ),
      // Registered already, all of them: it answers so, and changes nothing.
      method: 'POST',
    },
    route('/providers', 'Providers_ListAtTenantScope', (request) => ({
      status: 200,
      body: page(
        request,
        providers.map((provider) => armProvider(provider, '')),
      ),
    })),
    route('/providers/{resourceProviderNamespace}', 'Providers_GetAtTenantScope', (request) =>
      one(request.params['resourceProviderNamespace']!, ''),
    ),
  ];
}

interface Provider {
  namespace: string;
  resourceTypes: ProviderType[];
}

function armProvider({ namespace, resourceTypes }: Provider, prefix: string) {
  return {
    id: `${prefix}/providers/${namespace}`,
    namespace,
    resourceTypes,
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationRequired',
  };
}

function describe(routes: readonly ArmRoute[]): Provider[] {
  const found = new Map<string, Map<string, Set<string>>>();
  const add = (namespace: string, type: string, apiVersions: readonly string[]) => {
    const types = found.get(namespace) ?? new Map<string, Set<string>>();
    found.set(namespace, types);
    const versions = types.get(type) ?? new Set<string>();
    types.set(type, versions);
    apiVersions.forEach((version) => versions.add(version));
  };
  for (const { method, path, apiVersions } of routes) {
    // Actions on a resource (start, stop …) are no types.
    if (method === 'POST' && ACTION.test(path)) continue;
    const at = path.lastIndexOf('/providers/');
    if (at < 0) {
      const type = resourcesType(path);
      if (type) add('Microsoft.Resources', type, apiVersions);
      continue;
    }
    const [namespace, ...rest] = path.slice(at + '/providers/'.length).split('/');
    if (!namespace || namespace.startsWith('{')) continue;
    add(namespace, typeOf(rest), apiVersions);
  }
  return [...found].map(([namespace, types]) => ({
    namespace,
    resourceTypes: [...types].map(([resourceType, versions]) => providerType(namespace, resourceType, [...versions])),
  }));
}

/** Names of instances are not part of a type: `locations/{locationName}/capabilities` is `locations/capabilities`. */
function typeOf(parts: string[]): string {
  return parts.filter((part) => !part.startsWith('{') && part !== 'default').join('/');
}

function resourcesType(path: string): string {
  return typeOf(path.split('/').filter(Boolean));
}

function providerType(namespace: string, resourceType: string, versions: string[]): ProviderType {
  const apiVersions = versions.sort().toReversed();
  if (namespace !== MYSQL_NAMESPACE) return { resourceType, locations: [], apiVersions, capabilities: 'None' };
  return {
    resourceType,
    locations: REGIONS.map(({ displayName }) => displayName),
    apiVersions,
    defaultApiVersion: apiVersions.includes(MYSQL_API_VERSION) ? MYSQL_API_VERSION : apiVersions[0]!,
    ...(resourceType === 'flexibleServers' && {
      zoneMappings: REGIONS.map(({ displayName, zones }) => ({ location: displayName, zones: [...zones] })),
    }),
    capabilities: resourceType === 'flexibleServers' ? 'SupportsTags, SupportsLocation' : 'None',
  };
}
