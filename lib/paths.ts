import type { ServerKey } from './arm/resource-id.ts';

/** Blades of a server; each is a folder under `app/servers/[subscriptionId]/[resourceGroup]/[serverName]`. */
export type ServerBlade =
  | 'overview'
  | 'activity-log'
  | 'tags'
  | 'connect'
  | 'compute-storage'
  | 'networking'
  | 'databases'
  | 'server-parameters'
  | 'high-availability'
  | 'backup'
  | 'maintenance'
  | 'locks'
  | 'properties'
  | 'metrics'
  | 'server-logs'
  | 'query-insights'
  | 'alerts'
  | 'diagnose';

const join = (...parts: string[]) => `/${parts.map(encodeURIComponent).join('/')}`;

function withQuery(path: string, query: Record<string, string | number | undefined>): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return entries.length === 0
    ? path
    : `${path}?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`;
}

/** The one maker of the portal's page addresses. */
export const paths = {
  home: () => '/',
  /** `filters` as the grid has them in its address: `{ state: 'Ready', tier: 'Burstable' }`. */
  servers: (filters: Record<string, string> = {}) => withQuery('/servers', filters),
  createServer: () => '/servers/create',
  deletedServers: () => '/servers/deleted',
  /** How the making of a server goes; what is still to do for it is kept in the browser, not in the address. */
  deployment: ({ subscriptionId, resourceGroup, serverName }: ServerKey) =>
    withQuery('/servers/create/deployment', { subscription: subscriptionId, group: resourceGroup, name: serverName }),
  /** `pane`: which one is open there. */
  server: (server: ServerKey, blade: ServerBlade = 'overview', pane?: string) =>
    withQuery(join('servers', server.subscriptionId, server.resourceGroup, server.serverName, blade), { pane }),
};

const api = (path: string) => (server: ServerKey) =>
  `/api${join('servers', server.subscriptionId, server.resourceGroup, server.serverName)}${path}`;

/** The one maker of addresses of the portal's own route handlers; what follows `/api/` is also the query key. */
export const apiPaths = {
  subscriptions: () => '/api/subscriptions',
  tenants: () => '/api/tenants',
  locations: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'locations')}`,
  capabilities: (subscriptionId: string, location: string) =>
    `/api${join('subscriptions', subscriptionId, 'locations', location, 'capabilities')}`,
  zones: (subscriptionId: string, location: string) =>
    `/api${join('subscriptions', subscriptionId, 'locations', location, 'zones')}`,
  nameAvailability: (subscriptionId: string, name: string) =>
    withQuery(`/api${join('subscriptions', subscriptionId, 'name-availability')}`, { name }),
  resourceGroups: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'resource-groups')}`,
  /** Those that can still be restored. */
  deletedServers: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'deleted-servers')}`,
  /** Whether the cloud lists the provider of what only the local one has. */
  notificationChannels: (subscriptionId: string) =>
    `/api${join('subscriptions', subscriptionId, 'notification-channels')}`,
  flexdeckLocal: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'flexdeck-local')}`,
  servers: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'servers')}`,
  /** The caller's permissions at a scope: a subscription, group or resource id. */
  permissions: (scope: string) => withQuery('/api/permissions', { scope }),
  operation: (operationUrl: string) => withQuery('/api/operations', { url: operationUrl }),
  server: api(''),
  databases: api('/databases'),
  configurations: api('/configurations'),
  locks: api('/locks'),
  maintenances: api('/maintenances'),
  builds: api('/builds'),
  upgradeChecks: api('/upgrade-checks'),
  upgrades: api('/upgrades'),
  limits: api('/limits'),
  fleetMaintenances: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'maintenances')}`,
  schedules: api('/schedules'),
  fleetBackupStorage: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'backup-storage')}`,
  fleetSchedules: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'schedules')}`,
  autoStart: api('/auto-start'),
  firewallRules: api('/firewall-rules'),
  failoverRehearsals: api('/failover-rehearsals'),
  failoverRehearsal: (server: ServerKey, name: string) =>
    api(`/failover-rehearsals/${encodeURIComponent(name)}`)(server),
  connectionDoctor: api('/connection-doctor'),
  activityLog: (server: ServerKey, query: { hours?: number } = {}) => withQuery(api('/activity-log')(server), query),
  metricDefinitions: api('/metric-definitions'),
  /** @param query `from` and `to` in milliseconds since 1970. */
  metrics: (
    server: ServerKey,
    query: { metrics: string; aggregation: string; interval: string; from: number; to: number; range?: 'true' },
  ) => withQuery(api('/metrics')(server), query),
  backups: api('/backups'),
  /** @param query without a moment: the newest. */
  restoreEstimate: (server: ServerKey, query: { moment: string | undefined }) =>
    withQuery(api('/restore-estimate')(server), query),
  restoreProgress: api('/restore-progress'),
  backupVerifications: api('/backup-verifications'),
  /** @param restored the server to compare with, in the same subscription. */
  compareTables: (server: ServerKey, restored: { group: string; name: string }) =>
    withQuery(api('/compare-tables')(server), restored),
  logFiles: api('/log-files'),
  logFile: (server: ServerKey, name: string) => api(`/log-files/${encodeURIComponent(name)}`)(server),
  logParameters: api('/log-parameters'),
  logEntries: (server: ServerKey, query: { kind: string; cursor?: string | undefined; search?: string | undefined }) =>
    withQuery(api('/log-entries')(server), query),
  /** @param query `from` and `to` as ISO 8601. */
  queryStatements: (server: ServerKey, query: Record<string, string>) =>
    withQuery(api('/query-statements')(server), query),
  queryStatement: (server: ServerKey, id: string, query: Record<string, string>) =>
    withQuery(api(`/query-statements/${encodeURIComponent(id)}`)(server), query),
  indexAdvice: (server: ServerKey, query: Record<string, string>) => withQuery(api('/index-advice')(server), query),
  sessions: api('/sessions'),
  health: api('/health'),
  checks: api('/checks'),
  fleetHealth: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'health')}`,
  alerts: api('/alerts'),
  alertHistory: (server: ServerKey, alertId: string) => `${api('/alerts')(server)}/${encodeURIComponent(alertId)}`,
  alertRules: api('/alert-rules'),
  alertPreview: api('/alert-preview'),
  mutings: api('/mutings'),
  firedAlerts: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'fired-alerts')}`,
  actionGroups: (subscriptionId: string) => `/api${join('subscriptions', subscriptionId, 'action-groups')}`,
  notificationStatus: (statusUrl: string) => withQuery('/api/notification-status', { url: statusUrl }),
  clientAddress: () => '/api/client-address',
  caCertificate: () => '/api/ca-certificate',
};

/** How the menu was left (`collapsed` or empty); read by the server, so that nothing jumps. */
export const MENU_COOKIE = 'flexdeck-menu';
/** A hint and no secret: the server sends the portal's page and not the sign-in page. */
export const SIGNED_IN_COOKIE = 'flexdeck-signed-in';
