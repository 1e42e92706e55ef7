import { ArmError } from '../../arm/error.ts';
import { resourceGroupId, serverId as serverResourceId, type ServerKey } from '../../arm/resource-id.ts';
import type { RehearsalKind } from '../../arm/local/failover-rehearsal.ts';
import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import { insertFailoverRehearsal } from '../store/failover-rehearsals.ts';
import { deleteFirewallRule, findFirewallRule, putFirewallRule } from '../store/firewall-rules.ts';
import { findPrimary, findStandby, insertInstance } from '../store/instances.ts';
import { findMaintenance, updateMaintenance } from '../store/maintenances.ts';
import type { Caller, OperationRow } from '../store/operations.ts';
import { setResourceGroupState, type ResourceGroupRow } from '../store/resource-groups.ts';
import { insertServer, updateServer, type ServerIntent, type ServerRow } from '../store/servers.ts';
import type { NewServerInput } from './new-server.ts';
import type { DatabaseInput } from './database.ts';
import { notHealthy, recordFailover, type FailoverInput } from './failover-state.ts';
import type { FirewallRuleInput } from './firewall-rule.ts';
import { planRoll } from './rolling.ts';
import { wantsStandby } from './standby-state.ts';
import type { PatchServerInput } from './patch-server.ts';
import type { UpdateConfigurationsInput } from './update-configurations.ts';
import type { UpdateServerInput } from './update-server.ts';
import type { Control } from './world.ts';

/** From whom and how a request came. */
export interface From {
  apiVersion: string;
  caller: Caller;
}

/** Of delete-resource-group, which begins other operations and so stands above this file. */
export interface DeleteResourceGroupInput {
  resourceGroup: string;
}

/** Of rehearse-failover, which begins another operation and so stands above this file. */
export interface RehearseFailoverInput {
  name: string;
  kind: RehearsalKind;
  /** How many sessions write. */
  writers: number;
}

type OnServer = From & { server: ServerRow };

/**
 * Begins to make a server: its row with an address, its primary, and the operation, all or nothing.
 *
 * @param request.runtimeId of the MySQL installation that its version names.
 * @param request.authenticationHash of the admin's password, see `mysql/password-hash.ts`.
 */
export function beginCreateServer(
  { engine, world }: Control,
  request: From & {
    key: ServerKey;
    /** Short form. */
    location: string;
    intent: ServerIntent;
    runtimeId: string;
    authenticationHash: string;
  },
): OperationRow {
  const { key, location, intent, runtimeId, authenticationHash, apiVersion, caller } = request;
  const { subscriptionId, resourceGroup, serverName: name } = key;
  const id = world.newId();
  const input: NewServerInput = { resourceGroup, authenticationHash };
  return engine.begin(
    {
      kind: 'create-server',
      serverId: id,
      resourceId: serverResourceId(key),
      subscriptionId,
      location,
      input,
      apiVersion,
      caller,
    },
    ({ startedAt: now }) => {
      const server = { id, subscriptionId, resourceGroup, name, location, intent, state: 'Updating' as const };
      insertServer(world.database, server, { block: world.addressBlock, now });
      const zone = intent.properties.availabilityZone;
      insertInstance(world.database, { id: world.newId(), serverId: id, role: 'primary', zone, runtimeId }, now);
    },
  );
}

/** @param request.intent the whole new one; what of it needs mysqld or the gateway is applied by the operation. */
export function beginUpdateServer(
  control: Control,
  request: OnServer & { intent: ServerIntent; authenticationHash?: string | undefined },
): OperationRow {
  const { server, intent, authenticationHash } = request;
  // With the change itself it may lose its standby: then there is nobody to take over.
  const roll = wantsStandby(intent) ? planRoll(control.world.database, server, 'The server was changed.') : {};
  const input: UpdateServerInput = {
    previous: server.intent,
    ...(authenticationHash ? { authenticationHash } : {}),
    ...roll,
  };
  return begin(control, 'update-server', request, input, { state: 'Updating', stateReason: null, intent });
}

export function beginStartServer(control: Control, request: OnServer): OperationRow {
  return begin(control, 'start-server', request, {}, { state: 'Starting', stateReason: null });
}

export function beginStopServer(control: Control, request: OnServer): OperationRow {
  return begin(control, 'stop-server', request, {}, { state: 'Stopping', stateReason: null });
}

export function beginRestartServer(control: Control, request: OnServer): OperationRow {
  const change = { state: 'Updating' as const, stateReason: 'It is being restarted.' };
  const input = planRoll(control.world.database, request.server, 'It was restarted.');
  return input.roll
    ? begin(control, 'roll-server', request, input, change)
    : begin(control, 'restart-server', request, {}, change);
}

/**
 * The standby becomes the primary.
 *
 * @throws {ArmError} 409 HighAvailabilityNotHealthy while it may not.
 */
export function beginFailoverServer(
  control: Control,
  request: OnServer & Pick<FailoverInput, 'kind' | 'reason' | 'writesStoppedAt' | 'maxSeconds' | 'readsBinaryLog'>,
): OperationRow {
  const { server, kind, reason, writesStoppedAt, maxSeconds, readsBinaryLog } = request;
  const { database } = control.world;
  const from = findPrimary(database, server.id)?.id;
  const to = findStandby(database, server.id)?.id;
  if (!from || !to) throw new ArmError('HighAvailabilityNotHealthy', 409, notHealthy(server.haState, server.haReason));
  const input: FailoverInput = {
    kind,
    reason,
    from,
    to,
    ...(writesStoppedAt === undefined ? {} : { writesStoppedAt }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    ...(readsBinaryLog ? { readsBinaryLog } : {}),
  };
  const change = { state: 'Updating' as const, stateReason: reason };
  return begin(control, 'failover-server', request, input, change, (operation) =>
    recordFailover(control.world, operation),
  );
}

/** A failover under writers of our own. Its report is kept under that name. */
export function beginRehearseFailover(control: Control, request: OnServer & RehearseFailoverInput): OperationRow {
  const { server, name, kind, writers } = request;
  const input: RehearseFailoverInput = { name, kind, writers };
  const child = `providers/${FLEXDECK_LOCAL}/failoverRehearsals/${name}`;
  return begin(control, 'rehearse-failover', { ...request, child }, input, {}, ({ id, startedAt }) => {
    insertFailoverRehearsal(control.world.database, { id, serverId: server.id, name, kind, writers, startedAt });
  });
}

/** For the high availability reconciler. */
export function beginRebuildStandby(control: Control, request: OnServer): OperationRow {
  return begin(control, 'rebuild-standby', request, {}, {});
}

/** For the mysqld reconciler. @param request.reason why, a sentence for people. */
export function beginRecoverServer(control: Control, request: OnServer & { reason: string }): OperationRow {
  return begin(control, 'recover-server', request, {}, { state: 'Starting', stateReason: request.reason });
}

/** For the mysqld reconciler, where mysqld was stopped on purpose or by the machine's own end. */
export function beginResumeServer(control: Control, request: OnServer): OperationRow {
  const stateReason = 'It is being started with the control plane.';
  return begin(control, 'resume-server', request, {}, { state: 'Starting', stateReason });
}

/** For the maintenance reconciler. @param request.input.maintenance is in execution from now on. */
export function beginPatchServer(control: Control, request: OnServer & { input: PatchServerInput }): OperationRow {
  const { server } = request;
  const { database } = control.world;
  const input = { ...request.input, ...planRoll(database, server, 'The server was maintained.') };
  const change = { state: 'Updating' as const, stateReason: 'It is being maintained.' };
  return begin(control, 'patch-server', request, input, change, ({ startedAt }) => {
    const { executionStartedAt } = findMaintenance(database, server.id, input.maintenance)!;
    updateMaintenance(database, input.maintenance, {
      state: 'Processing',
      executionStartedAt: executionStartedAt ?? startedAt,
    });
  });
}

/** @param request.startAt milliseconds since 1970, checked against what the maintenance allows. */
export function beginRescheduleMaintenance(
  control: Control,
  request: OnServer & { name: string; startAt: number },
): OperationRow {
  const { name, startAt } = request;
  const child = `maintenances/${name}`;
  return begin(control, 'reschedule-maintenance', { ...request, child }, { startAt }, {}, () => {
    updateMaintenance(control.world.database, name, { state: 'ReScheduled', startAt, reason: null });
  });
}

/** For the storage reconciler. @param request.full whether the server is to take no writes. */
export function beginSetStorageAccess(control: Control, request: OnServer & { full: boolean }): OperationRow {
  const { full } = request;
  const change = { state: 'Updating' as const, stateReason: null, storageFull: full ? (1 as const) : (0 as const) };
  return begin(control, 'set-storage-access', request, { full }, change);
}

export function beginDeleteServer(control: Control, request: OnServer): OperationRow {
  return begin(control, 'delete-server', request, {}, { state: 'Dropping', stateReason: null });
}

export function beginPutFirewallRule(
  control: Control,
  request: OnServer & { name: string; startIpAddress: string; endIpAddress: string },
): OperationRow {
  const { server, name, startIpAddress, endIpAddress } = request;
  const previous = findFirewallRule(control.world.database, server.id, name) ?? null;
  const input: FirewallRuleInput = { name, previous };
  return begin(control, 'put-firewall-rule', { ...request, child: `firewallRules/${name}` }, input, {}, () => {
    putFirewallRule(control.world.database, { serverId: server.id, name, startIpAddress, endIpAddress });
  });
}

export function beginDeleteFirewallRule(control: Control, request: OnServer & { name: string }): OperationRow {
  const { server, name } = request;
  const previous = findFirewallRule(control.world.database, server.id, name) ?? null;
  const input: FirewallRuleInput = { name, previous };
  return begin(control, 'delete-firewall-rule', { ...request, child: `firewallRules/${name}` }, input, {}, () => {
    deleteFirewallRule(control.world.database, server.id, name);
  });
}

export function beginPutDatabase(control: Control, request: OnServer & DatabaseInput): OperationRow {
  const { name, charset, collation } = request;
  const input: DatabaseInput = { name, ...(charset ? { charset } : {}), ...(collation ? { collation } : {}) };
  return begin(control, 'put-database', { ...request, child: `databases/${name}` }, input, {});
}

export function beginDeleteDatabase(control: Control, request: OnServer & { name: string }): OperationRow {
  const { name } = request;
  return begin(control, 'delete-database', { ...request, child: `databases/${name}` }, { name }, {});
}

/**
 * @param request.values system variable → value, checked against what may be changed; null: back to the default.
 */
export function beginUpdateConfigurations(
  control: Control,
  request: OnServer & { values: Record<string, string | null> },
): OperationRow {
  const { server, values } = request;
  const overrides = { ...server.overrides };
  for (const [name, value] of Object.entries(values)) {
    if (value === null) delete overrides[name];
    else overrides[name] = value;
  }
  const names = Object.keys(values);
  const input: UpdateConfigurationsInput = {
    values,
    previous: { overrides: server.overrides, pendingRestart: server.pendingRestart },
  };
  const child = names.length === 1 ? `configurations/${names[0]}` : undefined;
  return begin(control, 'update-configurations', { ...request, child }, input, {
    state: 'Updating',
    stateReason: null,
    overrides,
  });
}

export function beginDeleteResourceGroup(
  { engine, world }: Control,
  { group, apiVersion, caller }: From & { group: ResourceGroupRow },
): OperationRow {
  const { subscriptionId, name, location } = group;
  const input: DeleteResourceGroupInput = { resourceGroup: name };
  return engine.begin(
    {
      kind: 'delete-resource-group',
      serverId: null,
      resourceId: resourceGroupId(subscriptionId, name),
      subscriptionId,
      location,
      input,
      apiVersion,
      caller,
    },
    () => setResourceGroupState(world.database, subscriptionId, name, 'Deleting'),
  );
}

function begin(
  { engine, world }: Control,
  kind: string,
  { server, apiVersion, caller, child }: OnServer & { child?: string | undefined },
  input: unknown,
  change: Parameters<typeof updateServer>[2],
  record?: (operation: OperationRow) => void,
): OperationRow {
  const { subscriptionId, resourceGroup, name: serverName, location } = server;
  const id = serverResourceId({ subscriptionId, resourceGroup, serverName });
  const resourceId = child ? `${id}/${child}` : id;
  return engine.begin(
    { kind, serverId: server.id, resourceId, subscriptionId, location, input, apiVersion, caller },
    (operation) => {
      updateServer(world.database, server.id, change);
      record?.(operation);
    },
  );
}
