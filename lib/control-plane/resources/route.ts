/** Who calls: made by `identity/` from a verified access token. */
export interface Principal {
  /** Object id (`oid`), a GUID: what role assignments name. */
  objectId: string;
  tenantId: string;
  /** `user@local` for people, the client id for a service principal: shown in the activity log. */
  name: string;
  kind: 'User' | 'ServicePrincipal';
}

/** A request after context, authentication and parsing; nothing of HTTP is left in it but what ARM itself defines. */
export interface ArmRequest {
  /** Path parameters by the names in the route's path, decoded, in the letters of the caller. */
  params: Record<string, string>;
  /** Query parameters without `api-version`; `$filter`, `$top`, `$skipToken` keep their names. */
  query: Record<string, string>;
  /** Parsed JSON; undefined when the request had no body. */
  body: unknown;
  apiVersion: string;
  principal: Principal;
  /** `x-ms-correlation-request-id` of the caller, or a new GUID. */
  correlationId: string;
  requestId: string;
  clientAddress: string;
  /** Path and query as called, for `nextLink` and the activity log. */
  url: string;
  /** Origin under which the caller reached ARM, e.g. `https://localhost:8443`: base of every absolute link. */
  origin: string;
  headers: { ifMatch?: string; ifNoneMatch?: string };
}

export interface ArmResponse {
  status: number;
  /** Serialised as JSON; absent means no body. */
  body?: unknown;
  /** In place of `body`: JSON as it is to be sent, where there is too much of it to make objects of. */
  json?: string;
  headers?: Record<string, string>;
}

/**
 * One operation of the REST API. `http/` routes on `method` and `path` without regard to case, checks `api-version`
 * against `apiVersions`, asks authorization for `action` on the scope in the path, and calls `handle`.
 */
export interface ArmRoute {
  method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE' | 'HEAD';
  /** ARM's path template, `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/…`. */
  path: string;
  /** Operation id of the OpenAPI file, e.g. `Servers_Create`: what conformance tests look up. */
  operationId: string;
  /**
   * The permission it needs, e.g. `Microsoft.DBforMySQL/flexibleServers/read`; null for what every signed-in
   * principal may ask (its own tenants, the provider's list of operations) or what filters its answer by itself.
   */
  action: string | null;
  /** api-versions that have this operation, oldest first. */
  apiVersions: readonly string[];
  handle(request: ArmRequest): ArmResponse | Promise<ArmResponse>;
}

/** Answers "may this principal do this here?"; implemented by `identity/`, asked by `http/` and by lists that filter. */
export interface Authorizer {
  /** @throws {ArmError} AuthorizationFailed 403, in ARM's words. */
  require(principal: Principal, action: string, scope: string): void;
  isAllowed(principal: Principal, action: string, scope: string): boolean;
}
