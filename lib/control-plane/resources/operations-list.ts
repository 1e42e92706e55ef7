import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import { page } from './paging.ts';
import type { ArmRoute } from './route.ts';

const SERVER = 'flexibleServers';

/** Name below the provider, resource, operation and description, for people who make roles. */
const ROWS: readonly (readonly [string, string, string, string])[] = [
  [`${SERVER}/read`, 'MySQL Server', 'List/Get MySQL Servers', 'Returns the list of servers, or one server.'],
  [
    `${SERVER}/write`,
    'MySQL Server',
    'Create/Update MySQL Server',
    'Creates a server, or changes its properties or tags.',
  ],
  [`${SERVER}/delete`, 'MySQL Server', 'Delete MySQL Server', 'Deletes a server and its data.'],
  [`${SERVER}/start/action`, 'MySQL Server', 'Start Server', 'Starts a stopped server.'],
  [`${SERVER}/stop/action`, 'MySQL Server', 'Stop Server', 'Stops a server.'],
  [`${SERVER}/restart/action`, 'MySQL Server', 'Restart Server', 'Restarts a server.'],
  [
    `${SERVER}/failover/action`,
    'MySQL Server',
    'Failover Server',
    'Makes the standby of a highly available server its primary.',
  ],
  [
    `${SERVER}/validateEstimateHighAvailability/action`,
    'MySQL Server',
    'Validate Estimate High Availability',
    'Says whether a server may have a standby, and where it would be.',
  ],
  [
    `${SERVER}/updateConfigurations/action`,
    'MySQL Server',
    'Update Server Configurations',
    'Changes several server parameters at once.',
  ],
  [
    `${SERVER}/firewallRules/read`,
    'Firewall Rules',
    'List/Get Firewall Rules',
    "Returns a server's firewall rules, or one.",
  ],
  [
    `${SERVER}/firewallRules/write`,
    'Firewall Rules',
    'Create/Update Firewall Rule',
    'Creates or changes a firewall rule.',
  ],
  [`${SERVER}/firewallRules/delete`, 'Firewall Rules', 'Delete Firewall Rule', 'Deletes a firewall rule.'],
  [`${SERVER}/databases/read`, 'MySQL Database', 'List/Get MySQL Databases', "Returns a server's databases, or one."],
  [`${SERVER}/databases/write`, 'MySQL Database', 'Create/Update MySQL Database', 'Creates a database.'],
  [`${SERVER}/databases/delete`, 'MySQL Database', 'Delete MySQL Database', 'Deletes a database with all its data.'],
  [
    `${SERVER}/configurations/read`,
    'Configurations',
    'List/Get Configurations',
    "Returns a server's parameters, or one.",
  ],
  [`${SERVER}/configurations/write`, 'Configurations', 'Update Configuration', 'Changes a server parameter.'],
  [`${SERVER}/backups/read`, 'Backups', 'List/Get Backups', "Returns a server's full backups, or one."],
  [`${SERVER}/backups/write`, 'Backups', 'Create Backup', 'Makes a full backup on demand.'],
  [
    `${SERVER}/backupsV2/read`,
    'Backups',
    'List/Get Backups',
    "Returns a server's full backups, or one, with their state.",
  ],
  [`${SERVER}/backupsV2/write`, 'Backups', 'Create Backup', 'Makes a full backup on demand.'],
  [`${SERVER}/backupsV2/delete`, 'Backups', 'Delete Backup', 'Deletes a backup that was made on demand.'],
  [`${SERVER}/backupAndExport/action`, 'Backups', 'Export Backup', 'Exports a backup to a storage account.'],
  [`${SERVER}/validateBackup/action`, 'Backups', 'Validate Backup', 'Says whether a backup can be exported.'],
  [`${SERVER}/logFiles/read`, 'Server Logs', 'List Server Log Files', "Returns a server's log files, with links."],
  [`${SERVER}/maintenances/read`, 'Maintenances', 'List/Get Maintenances', "Returns a server's maintenances, or one."],
  [`${SERVER}/maintenances/write`, 'Maintenances', 'Update Maintenance', 'Chooses another time for a maintenance.'],
  [`${SERVER}/replicas/read`, 'Replicas', 'List Replicas', 'Lists the read replicas of a server.'],
  ['checkNameAvailability/action', 'Name', 'Check Name Availability', 'Says whether a server name is free.'],
  [
    'locations/checkNameAvailability/action',
    'Name',
    'Check Name Availability',
    'Says whether a server name is free in a location.',
  ],
  ['locations/capabilities/read', 'Capabilities', 'Get Capabilities', 'Returns what a location offers.'],
  ['locations/capabilitySets/read', 'Capabilities', 'Get Capability Sets', 'Returns what a location offers.'],
];

/** `GET /providers/Microsoft.DBforMySQL/operations`: every permission that a route of the provider asks for. */
export function operationsListRoutes(): ArmRoute[] {
  const value = ROWS.map(([name, resource, operation, description]) => ({
    name: `${MYSQL_NAMESPACE}/${name}`,
    display: { provider: 'Microsoft DB for MySQL', resource, operation, description },
    origin: 'user,system',
  }));
  return [
    {
      method: 'GET',
      path: `/providers/${MYSQL_NAMESPACE}/operations`,
      operationId: 'Operations_List',
      action: null,
      apiVersions: MYSQL_API_VERSIONS,
      handle: (request) => ({ status: 200, body: page(request, value) }),
    },
  ];
}
