import { ArmError } from '../../arm/error.ts';
import type { RouteMatch, RouteTable } from './route-table.ts';

const API_VERSION_FORM = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/;

/** A request's target, taken apart. */
export interface Target {
  method: string;
  /** As called, without the query. */
  path: string;
  segments: readonly string[];
  /** As called; undefined when it is missing. */
  apiVersion: string | undefined;
}

/** 405 has to name what is allowed (RFC 9110, 15.5.6). */
export class MethodNotAllowed extends ArmError {
  readonly allow: readonly string[];

  constructor(method: string, allow: readonly string[]) {
    super(
      'MethodNotAllowed',
      405,
      `The requested resource does not support http method '${method}'. It supports ${allow.join(', ')}.`,
    );
    this.allow = allow;
  }
}

/**
 * Finds the one operation that a request asks for, or says as ARM does why there is none: a missing, malformed or
 * unsupported api-version (400), an unknown provider or type (404), a method that the resource lacks (405).
 *
 * @param locations that the providers serve, for the message.
 */
export function findRoute(
  table: RouteTable,
  target: Target,
  locations: readonly string[],
): RouteMatch & { apiVersion: string } {
  const { method, segments } = target;
  if (!target.apiVersion) {
    throw new ArmError(
      'MissingApiVersionParameter',
      400,
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  const apiVersion = target.apiVersion.toLowerCase();
  const allow = table.methodsAt(segments);
  if (allow.length === 0) throw unknownPath(table, target);
  const match = table.find(method, segments, apiVersion);
  if (!match) throw new MethodNotAllowed(method, allow);
  if (!match.route.apiVersions.includes(apiVersion)) {
    throw unsupportedVersion(target, table.apiVersionsAt(method, segments), locations);
  }
  return { ...match, apiVersion };
}

function unsupportedVersion(
  { apiVersion, segments }: Target,
  supported: string[],
  locations: readonly string[],
): ArmError {
  const provider = providerOf(segments);
  if (!provider || !API_VERSION_FORM.test(apiVersion!.toLowerCase())) {
    return new ArmError(
      'InvalidApiVersionParameter',
      400,
      `The api-version '${apiVersion}' is invalid. The supported versions are '${supported.join(',')}'.`,
    );
  }
  const place = segments.findIndex((segment) => segment.toLowerCase() === 'locations');
  const location = place < 0 ? '' : (segments[place + 1] ?? '');
  return new ArmError(
    'NoRegisteredProviderFound',
    400,
    `No registered resource provider found for location '${location}' and API version '${apiVersion}' for type ` +
      `'${provider.type}'. The supported api-versions are '${supported.join(', ')}'. ` +
      `The supported locations are '${locations.join(', ')}'.`,
  );
}

function unknownPath(table: RouteTable, { segments, path, apiVersion }: Target): ArmError {
  const provider = providerOf(segments);
  if (!provider) {
    return new ArmError(
      'NotFound',
      404,
      `Nothing answers at '${path}'. Check the path against the REST API's reference.`,
    );
  }
  if (!table.knowsNamespace(provider.namespace)) {
    return new ArmError('InvalidResourceNamespace', 404, `The resource namespace '${provider.namespace}' is invalid.`);
  }
  return new ArmError(
    'InvalidResourceType',
    404,
    `The resource type '${provider.type}' could not be found in the namespace '${provider.namespace}' ` +
      `for api version '${apiVersion}'.`,
  );
}

/** Namespace and type of the innermost provider in a path: `…/providers/{namespace}/{type}/{name}/{type}`. */
function providerOf(segments: readonly string[]): { namespace: string; type: string } | undefined {
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const namespace = segments[at + 1];
  if (at < 0 || namespace === undefined) return undefined;
  const type = segments.slice(at + 2).filter((_, index) => index % 2 === 0);
  return { namespace, type: type.join('/') };
}
