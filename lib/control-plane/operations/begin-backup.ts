import { serverId as serverResourceId, type ServerKey } from '../../arm/resource-id.ts';
import { insertFullBackup, updateFullBackup, type FullBackupRow } from '../store/full-backups.ts';
import { listFirewallRules, putFirewallRule } from '../store/firewall-rules.ts';
import { findPrimary, insertInstance } from '../store/instances.ts';
import type { OperationRow } from '../store/operations.ts';
import { writeRestore } from '../store/restores.ts';
import { writeBackupVerification } from '../store/backup-verifications.ts';
import { insertServer, updateServer, type ServerIntent, type ServerRow } from '../store/servers.ts';
import type { BackUpServerInput } from './back-up-server.ts';
import type { From } from './begin.ts';
import type { DeleteBackupInput } from './delete-backup.ts';
import type { RecoverTablesInput } from './recover-tables.ts';
import type { NewServerInput } from './new-server.ts';
import type { VerifyBackupInput } from './verify-backup.ts';
import type { Control } from './world.ts';

type OnServer = From & { server: ServerRow };

/** @param request.name free; the caller has checked that, and how many there are. */
export function beginBackUpServer(
  { engine, world }: Control,
  { server, name, source, apiVersion, caller }: OnServer & Pick<FullBackupRow, 'name' | 'source'>,
): OperationRow {
  const { database, runtimes, clock } = world;
  const backupId = world.newId();
  const input: BackUpServerInput = { backupId };
  const runtimeId = findPrimary(database, server.id)?.runtimeId;
  const version = runtimes.find(({ id }) => id === runtimeId)?.fullVersion ?? server.intent.properties.version;
  return engine.begin(
    { kind: 'back-up-server', ...placeOf(server, `backups/${name}`), input, apiVersion, caller },
    () => {
      insertFullBackup(database, { id: backupId, serverId: server.id, name, source, version, startedAt: clock.now() });
    },
  );
}

export function beginDeleteBackup(
  { engine, world }: Control,
  { server, backup, apiVersion, caller }: OnServer & { backup: FullBackupRow },
): OperationRow {
  const input: DeleteBackupInput = { backupId: backup.id };
  return engine.begin(
    { kind: 'delete-backup', ...placeOf(server, `backups/${backup.name}`), input, apiVersion, caller },
    () => updateFullBackup(world.database, backup.id, { state: 'Deleting' }),
  );
}

/** What of a server's parameters a restore brings back to its default, as Azure's does. */
const NOT_RESTORED: readonly string[] = ['event_scheduler', 'time_zone'];

/**
 * Begins to make a server from the backups of another; its firewall rules and parameters come along.
 *
 * @param request.moment microseconds; null: the newest there is.
 * @param request.authenticationHash of a new password for the admin; without it the source's stays.
 */
export function beginRestoreServer(
  { engine, world }: Control,
  request: From & {
    key: ServerKey;
    location: string;
    intent: ServerIntent;
    runtimeId: string;
    source: ServerRow;
    moment: number | null;
    geo: boolean;
    authenticationHash: string | undefined;
  },
): OperationRow {
  const { key, location, intent, runtimeId, source, moment, geo, authenticationHash, apiVersion, caller } = request;
  const { database } = world;
  const { subscriptionId, resourceGroup, serverName: name } = key;
  const id = world.newId();
  const input: NewServerInput = { resourceGroup, ...(authenticationHash ? { authenticationHash } : {}) };
  const resourceId = serverResourceId(key);
  return engine.begin(
    { kind: 'restore-server', serverId: id, resourceId, subscriptionId, location, input, apiVersion, caller },
    ({ id: operationId, startedAt: now }) => {
      const server = { id, subscriptionId, resourceGroup, name, location, intent, state: 'Updating' as const };
      insertServer(database, server, { block: world.addressBlock, now });
      const kept = Object.entries(source.overrides).filter(([variable]) => !NOT_RESTORED.includes(variable));
      updateServer(database, id, {
        overrides: Object.fromEntries(kept),
        stateReason: `It is being restored from “${source.name}”.`,
      });
      const zone = intent.properties.availabilityZone;
      insertInstance(database, { id: world.newId(), serverId: id, role: 'primary', zone, runtimeId }, now);
      for (const rule of listFirewallRules(database, source.id)) putFirewallRule(database, { ...rule, serverId: id });
      writeRestore(database, operationId, id, { ...NOTHING_DONE, ...sourceOf(source), asked: moment, geo });
    },
  );
}

/** The newest moment is tried; the result is kept. */
export function beginVerifyBackup({ engine, world }: Control, { server, apiVersion, caller }: OnServer): OperationRow {
  const { database } = world;
  const input: VerifyBackupInput = { instanceId: world.newId() };
  const place = placeOf(server, `backupVerifications/${input.instanceId}`);
  return engine.begin({ kind: 'verify-backup', ...place, input, apiVersion, caller }, ({ id, startedAt }) => {
    writeRestore(database, id, server.id, { ...NOTHING_DONE, ...sourceOf(server), asked: null, geo: false });
    writeBackupVerification(database, {
      id,
      serverId: server.id,
      startedAt,
      endedAt: null,
      status: 'InProgress',
      fullBackup: '',
      moment: null,
      tablesChecked: null,
      rowsChecked: null,
      problem: null,
    });
  });
}

/** @param request.input checked: what there is, and what may be replaced. */
export function beginRecoverTables(
  { engine }: Control,
  { server, input, apiVersion, caller }: OnServer & { input: RecoverTablesInput },
): OperationRow {
  const place = placeOf(server, `databases/${input.tables[0]!.toDatabase}`);
  return engine.begin({ kind: 'recover-tables', ...place, input, apiVersion, caller });
}

export const NOTHING_DONE = {
  plan: null,
  replay: null,
  bytesDone: 0,
  bytesTotal: 0,
  transactionsDone: 0,
  transactionsTotal: 0,
  notes: [],
};

export function sourceOf(source: ServerRow) {
  const { id: sourceServerId, subscriptionId, resourceGroup, name: serverName } = source;
  return { sourceServerId, sourceResourceId: serverResourceId({ subscriptionId, resourceGroup, serverName }) };
}

/** @param child what is below the server: `backups/nightly`. */
export function placeOf(server: ServerRow, child?: string) {
  const { id: serverId, subscriptionId, resourceGroup, name: serverName, location } = server;
  const id = serverResourceId({ subscriptionId, resourceGroup, serverName });
  const resourceId = child ? `${id}/${child}` : id;
  return { serverId, subscriptionId, location, resourceId };
}
