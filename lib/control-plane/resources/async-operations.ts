import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { MYSQL_NAMESPACE, serverKeyOf, SERVER_TYPE } from '../../arm/resource-id.ts';
import { OPERATIONS } from '../operations/definitions.ts';
import { findFirewallRule } from '../store/firewall-rules.ts';
import { findOperation, type OperationRow } from '../store/operations.ts';
import { findMaintenance } from '../store/maintenances.ts';
import { findServer, type ServerRow } from '../store/servers.ts';
import { operationUrl, RETRY_AFTER } from './accepted.ts';
import { backupOf } from './backups.ts';
import { armConfiguration } from './configurations.ts';
import { armDatabase } from './databases.ts';
import { armFirewallRule } from './firewall-rules.ts';
import { operationNotFound } from './refusals.ts';
import { requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { armMaintenance } from './maintenances.ts';
import { armServer } from './server-shape.ts';

const LOCATION = `/subscriptions/{subscriptionId}/providers/${MYSQL_NAMESPACE}/locations/{locationName}`;

/** Where clients watch a long-running operation, and where they find what it left. */
export function asyncOperationRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: `${LOCATION}/azureAsyncOperation/{operationId}`,
      operationId: 'AzureAsyncOperation_Get',
      action: null,
      apiVersions: MYSQL_API_VERSIONS,
      handle: (request) => {
        const operation = requireOperation(resources, request);
        return {
          status: 200,
          ...(operation.status === 'InProgress' && { headers: { 'Retry-After': RETRY_AFTER } }),
          body: statusOf(resources, operation),
        };
      },
    },
    {
      method: 'GET',
      path: `${LOCATION}/operationResults/{operationId}`,
      operationId: 'OperationResults_Get',
      action: null,
      apiVersions: MYSQL_API_VERSIONS,
      handle: (request) => resultOf(resources, request, requireOperation(resources, request)),
    },
  ];
}

/** Who may read the server may watch what happens to it; anyone else learns nothing, not even that it is there. */
function requireOperation({ control, authorizer, ...rest }: Resources, request: ArmRequest): OperationRow {
  const subscription = requireSubscription({ control, authorizer, ...rest }, request);
  const id = request.params['operationId']!;
  const operation = findOperation(control.world.database, id.toLowerCase());
  const isThere =
    operation &&
    operation.subscriptionId.toLowerCase() === subscription.id.toLowerCase() &&
    authorizer.isAllowed(request.principal, `${SERVER_TYPE}/read`, operation.resourceId);
  if (!isThere) throw operationNotFound(id);
  return operation;
}

/** Name, status and start as recorded from Azure; the stage and the percentage are for people who wait. */
function statusOf({ control }: Resources, operation: OperationRow) {
  const { id, status, startedAt, endedAt, error, kind } = operation;
  const { stage, percentComplete } = control.engine.progress(operation);
  return {
    name: id,
    status,
    startTime: new Date(startedAt).toISOString(),
    ...(endedAt !== null && { endTime: new Date(endedAt).toISOString() }),
    percentComplete,
    properties: { stage, operation: OPERATIONS[kind as keyof typeof OPERATIONS].title },
    ...(error && { error }),
  };
}

async function resultOf(resources: Resources, request: ArmRequest, operation: OperationRow): Promise<ArmResponse> {
  if (operation.status === 'InProgress') {
    return {
      status: 202,
      headers: { Location: operationUrl(request, operation, 'operationResults'), 'Retry-After': RETRY_AFTER },
    };
  }
  if (operation.error) {
    const { code, message, target, details } = operation.error;
    throw new ArmError(code, code === 'InternalServerError' ? 500 : 409, message, { target, details });
  }
  const { database } = resources.control.world;
  const key = serverKeyOf(operation.resourceId);
  const server = key && findServer(database, key);
  // What was changed may be gone by now: deleted by this operation, or after it.
  if (!server || operation.kind.startsWith('delete-')) return { status: 204 };
  if (['start-server', 'stop-server', 'restart-server'].includes(operation.kind)) {
    return { status: 200, body: { name: server.name, type: 'MySQL' } };
  }
  const body =
    operation.resourceId.split('/').length > 9
      ? await childOf(resources, server, operation, request.apiVersion).catch(nothingWhileNotReady)
      : armServer(server, request.apiVersion, resources.control.world);
  return body ? { status: 200, body } : { status: 204 };
}

/** A server that was stopped meanwhile does not make the operation a failed one. */
function nothingWhileNotReady(failure: unknown): undefined {
  if (failure instanceof ArmError && failure.code === 'ServerNotReady') return undefined;
  throw failure;
}

/** The rule, database or parameter that the operation left. */
async function childOf(
  { control, dataPlane }: Resources,
  server: ServerRow,
  { id, resourceId }: OperationRow,
  apiVersion: string,
): Promise<object | undefined> {
  const [type, name] = resourceId.split('/').slice(-2) as [string, string];
  switch (type) {
    case 'firewallRules': {
      const rule = findFirewallRule(control.world.database, server.id, name);
      return rule && armFirewallRule(server, rule);
    }
    case 'databases': {
      const found = await dataPlane.findDatabase(server, name);
      return found && armDatabase(server, found, apiVersion);
    }
    case 'configurations': {
      const found = (await dataPlane.readConfigurations(server)).find((one) => one.name === name);
      return found && armConfiguration(server, found, apiVersion);
    }
    case 'backups':
      return backupOf(control, id, server);
    case 'maintenances': {
      const found = findMaintenance(control.world.database, server.id, name);
      return found && armMaintenance(server, found, apiVersion);
    }
    default:
      return undefined;
  }
}
