import type { MysqlRuntime } from '../mysql/runtime.ts';
import { readPrimary } from '../store/instances.ts';
import type { OperationRow } from '../store/operations.ts';
import { writeRestore } from '../store/restores.ts';
import { updateServer, type ServerIntent, type ServerRow } from '../store/servers.ts';
import { insertUpgrade, writeUpgradeCheck } from '../store/upgrades.ts';
import type { From } from './begin.ts';
import { NOTHING_DONE, placeOf, sourceOf } from './begin-backup.ts';
import type { CheckUpgradeInput } from './check-upgrade.ts';
import { planRoll } from './rolling.ts';
import { wantsStandby } from './standby-state.ts';
import type { UpgradeServerInput } from './upgrade-server.ts';
import type { Control } from './world.ts';

type OnServer = From & { server: ServerRow; to: MysqlRuntime };

/** Looks at what stands against an upgrade. @param request.rehearse also on a copy of the data. */
export function beginCheckUpgrade(
  { engine, world }: Control,
  { server, to, rehearse, apiVersion, caller }: OnServer & { rehearse: boolean },
): OperationRow {
  const { database } = world;
  const input: CheckUpgradeInput = { to: to.id, rehearse, instanceId: world.newId() };
  const place = placeOf(server, 'checkUpgrade');
  return engine.begin({ kind: 'check-upgrade', ...place, input, apiVersion, caller }, ({ id, startedAt }) => {
    writeRestore(database, id, server.id, { ...NOTHING_DONE, ...sourceOf(server), asked: null, geo: false });
    writeUpgradeCheck(database, {
      id,
      serverId: server.id,
      startedAt,
      endedAt: null,
      fromVersion: server.intent.properties.version,
      toVersion: to.series,
      status: 'InProgress',
      checks: [],
      startMs: null,
      problem: null,
    });
  });
}

/** @param request.intent the whole new one, but for the version, which is published when all is done. */
export function beginUpgradeServer(
  { engine, world }: Control,
  request: OnServer & { intent: ServerIntent; authenticationHash?: string | undefined },
): OperationRow {
  const { server, to, intent, authenticationHash, apiVersion, caller } = request;
  const { database } = world;
  const before = server.intent.properties.version;
  const input: UpgradeServerInput = {
    tags: server.intent.tags,
    from: readPrimary(database, server.id).runtimeId,
    to: to.id,
    version: to.series,
    instanceId: world.newId(),
    ...(authenticationHash ? { authenticationHash } : {}),
    ...(wantsStandby(intent) ? planRoll(database, server, 'The server was upgraded.') : {}),
  };
  const { properties, ...rest } = intent;
  return engine.begin(
    { kind: 'upgrade-server', ...placeOf(server), input, apiVersion, caller },
    ({ id, startedAt }) => {
      updateServer(database, server.id, {
        state: 'Updating',
        stateReason: `It is being upgraded to MySQL ${to.series}.`,
        intent: { ...rest, properties: { ...properties, version: before } },
      });
      insertUpgrade(database, { id, serverId: server.id, fromVersion: before, toVersion: to.series, startedAt });
      writeRestore(database, id, server.id, { ...NOTHING_DONE, ...sourceOf(server), asked: null, geo: false });
    },
  );
}
