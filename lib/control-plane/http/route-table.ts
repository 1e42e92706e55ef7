import type { ArmRoute } from '../resources/route.ts';

/** The routes that answer at a path, by method, with what the path says for their parameters. */
export interface RouteMatch {
  route: ArmRoute;
  params: Record<string, string>;
}

export interface RouteTable {
  /** @param segments of the path, decoded. Undefined when nothing answers there with this method. */
  find(method: string, segments: readonly string[], apiVersion: string): RouteMatch | undefined;
  /** Methods that have an operation at this path; empty when the path itself is unknown. */
  methodsAt(segments: readonly string[]): string[];
  /** api-versions of the operations at this path and method, oldest first. */
  apiVersionsAt(method: string, segments: readonly string[]): string[];
  /** True when some route lies under `/providers/{namespace}`. */
  knowsNamespace(namespace: string): boolean;
}

interface Template {
  parts: readonly Part[];
  /** A parameter in first place (`/{scope}/providers/…`) takes as many segments as there are. */
  greedy: boolean;
  routes: ArmRoute[];
}
type Part = { literal: string } | { parameter: string };

/**
 * Puts ARM's path templates in the order in which they are tried: literals before parameters, place by place, and
 * templates that begin with a parameter last. Letters' case never matters; parameters keep the caller's.
 *
 * @throws {Error} when two routes claim the same method, path and api-version.
 */
export function createRouteTable(routes: readonly ArmRoute[]): RouteTable {
  const templates = groupByTemplate(routes).sort(bySpecificity);

  const matching = (segments: readonly string[]) =>
    templates.flatMap((template) => {
      const params = match(template, segments);
      return params ? [{ template, params }] : [];
    });

  const candidates = (method: string, segments: readonly string[]): RouteMatch[] => {
    for (const { template, params } of matching(segments)) {
      const found = template.routes.filter((route) => route.method === method);
      if (found.length > 0) return found.map((route) => ({ route, params }));
    }
    // What can be read can be asked for with HEAD (RFC 9110, 9.3.2).
    return method === 'HEAD' ? candidates('GET', segments) : [];
  };

  return {
    find(method, segments, apiVersion) {
      const found = candidates(method, segments);
      return found.find(({ route }) => route.apiVersions.includes(apiVersion)) ?? found[0];
    },
    methodsAt(segments) {
      const methods = new Set(
        matching(segments).flatMap(({ template }) => template.routes.map((route) => route.method)),
      );
      if (methods.has('GET')) methods.add('HEAD');
      return [...methods].sort();
    },
    apiVersionsAt(method, segments) {
      return [...new Set(candidates(method, segments).flatMap(({ route }) => route.apiVersions))].sort();
    },
    knowsNamespace(namespace) {
      const wanted = namespace.toLowerCase();
      return templates.some(({ parts }) =>
        parts.some((part, index) => {
          const before = parts[index - 1];
          return (
            'literal' in part &&
            part.literal === wanted &&
            before &&
            'literal' in before &&
            before.literal === 'providers'
          );
        }),
      );
    },
  };
}

/** `/a//b/` → `['a', 'b']`: ARM ignores empty segments. @throws {URIError} on broken percent-encoding. */
export function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent);
}

function groupByTemplate(routes: readonly ArmRoute[]): Template[] {
  const templates = new Map<string, Template>();
  for (const route of routes) {
    const parts = partsOf(route.path);
    const key = parts.map((part) => ('literal' in part ? part.literal : `{${part.parameter}}`)).join('/');
    const template = templates.get(key) ?? {
      parts,
      greedy: parts[0] !== undefined && 'parameter' in parts[0],
      routes: [],
    };
    const rival = template.routes.find(
      (other) =>
        other.method === route.method && other.apiVersions.some((version) => route.apiVersions.includes(version)),
    );
    if (rival)
      throw new Error(`${rival.operationId} and ${route.operationId} both claim ${route.method} ${route.path}`);
    template.routes.push(route);
    templates.set(key, template);
  }
  return [...templates.values()];
}

function partsOf(path: string): Part[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? { parameter: part.slice(1, -1) } : { literal: part.toLowerCase() }));
}

function bySpecificity(one: Template, other: Template): number {
  if (one.greedy !== other.greedy) return one.greedy ? 1 : -1;
  const pattern = ({ parts }: Template) => parts.map((part) => ('literal' in part ? '0' : '1')).join('');
  return pattern(one) < pattern(other) ? -1 : pattern(one) > pattern(other) ? 1 : 0;
}

function match({ parts, greedy }: Template, segments: readonly string[]): Record<string, string> | undefined {
  const surplus = segments.length - parts.length;
  if (greedy ? surplus < 0 : surplus !== 0) return undefined;
  const params: Record<string, string> = {};
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index]!;
    const segment = segments[index + surplus]!;
    if ('literal' in part) {
      if (segment.toLowerCase() !== part.literal) return undefined;
    } else if (greedy && index === 0) {
      params[part.parameter] = segments.slice(0, surplus + 1).join('/');
    } else {
      params[part.parameter] = segment;
    }
  }
  return params;
}
