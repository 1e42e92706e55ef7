import { ArmError } from '../../arm/error.ts';
import { keepLogs } from '../logs/log-files.ts';
import {
  dropCopyOfData,
  hasCopyOfData,
  keepCopyOfData,
  removeInstance,
  takeCopyBack,
} from '../mysql/data-directory.ts';
import { findFailover } from '../store/failovers.ts';
import { findFullBackup } from '../store/full-backups.ts';
import { readPrimary, setDesired, setRestarts, setRuntime } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { updateServer, type ServerIntent } from '../store/servers.ts';
import { findUpgrade, updateUpgrade } from '../store/upgrades.ts';
import { beginBackUpServer } from './begin-backup.ts';
import type { OperationContext, OperationDefinition, Step } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped } from './mysqld.ts';
import { rollingSteps, type RollingInput } from './rolling.ts';
import { logPlace } from './server-logs.ts';
import {
  changesServer,
  clientsAreAnswered,
  gatewayClosed,
  gatewayListens,
  mysqldStopped,
  passwordSet,
  primaryOf,
  requireRuntimeRuns,
  serverIdOf,
  serverOf,
} from './server-steps.ts';
import { standbyOf } from './standby-state.ts';
import { refuseFailed, runUpgradeChecks } from './upgrade-checks.ts';
import { rehearseUpgrade, TAKE_OVER_MS, throwAway } from './upgrade-rehearsal.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

export interface UpgradeServerInput extends RollingInput {
  /** What they were; again so when the operation fails. */
  tags: ServerIntent['tags'];
  /** Ids of runtimes: what it runs on, and what it is to run on. */
  from: string;
  to: string;
  /** Series: `10.0`. */
  version: string;
  /** Of the instance that the upgrade is rehearsed on. */
  instanceId: string;
  /** MySQL's own hash of a new admin password; forgotten when the operation ends. */
  authenticationHash?: string;
}

type Context = OperationContext<World, UpgradeServerInput>;

/**
 * Without a standby that may take over meanwhile: clients wait until the newer MySQL has taken the data over. That changes
 * the data for good (MySQL's manual, "Downgrading MySQL"), so the way back is a copy of it, made once nothing writes any more.
 */
const atOnce: Step<World, UpgradeServerInput>[] = [
  {
    ...gatewayClosed,
    async ensure(context) {
      const { database, clock } = context.world;
      const { id, writesStoppedAt } = upgradeOf(context);
      // The first moment stays: a daemon that repeats the step must not shorten the time.
      if (writesStoppedAt === null) updateUpgrade(database, id, { writesStoppedAt: clock.now() });
      await gatewayClosed.ensure(context);
    },
  },
  mysqldStopped,
  {
    name: 'dataCopied',
    stage: 'Copying the data for the way back',
    async ensure(context) {
      const { world, input } = context;
      const primary = primaryOf(context);
      await keepCopyOfData(mysqlInstance(world, primary));
      setRuntime(world.database, primary.id, input.to);
    },
    async undo(context) {
      const { world, input } = context;
      const primary = primaryOf(context);
      const instance = mysqlInstance(world, primary);
      // Without a copy either nothing was changed yet, or there is no way back any more.
      if (!(await hasCopyOfData(instance))) return;
      await ensureMysqldStopped(world, primary, 'kill');
      setRuntime(world.database, primary.id, input.from);
      await takeCopyBack(instance);
    },
  },
  {
    name: 'newerRuns',
    stage: 'Starting the newer MySQL on the data',
    perishable: true,
    async ensure(context) {
      await ensureMysqldRuns(context.world, primaryOf(context), undefined, { timeoutMs: TAKE_OVER_MS });
      await requireRuntimeRuns(context, context.input.to);
    },
    undo: (context) => ensureMysqldStopped(context.world, primaryOf(context), 'kill'),
  },
  {
    name: 'copyDropped',
    stage: 'Removing the copy',
    ensure: (context) => dropCopyOfData(mysqlInstance(context.world, primaryOf(context))),
  },
  // From here on there is no way back: nothing may fail.
  ...[gatewayListens, clientsAreAnswered].map(({ undo: _, ...step }) => ({
    ...step,
    async ensure(context: Context) {
      try {
        await step.ensure(context);
      } catch (failure) {
        context.log.warn(
          { err: failure, operation: context.operation.id },
          'clients may not reach the upgraded server',
        );
      }
    },
  })),
];

/** The server goes on with MySQL of a newer series; one whose standby may take over rolls. */
export const upgradeServer: OperationDefinition<World, UpgradeServerInput> = {
  armName: 'UpsertServerManagementOperationV2',
  title: 'Upgrade server',
  action: 'Microsoft.DBforMySQL/flexibleServers/write',
  ...changesServer,
  steps: [
    passwordSet,
    {
      name: 'checked',
      stage: 'Comparing the server with the newer MySQL',
      async ensure(context) {
        refuseFailed(await runUpgradeChecks(context, targetOf(context)), context.input.version);
      },
    },
    { name: 'backedUp', stage: 'Backing up the server', ensure: ensureBackedUp },
    {
      name: 'rehearsed',
      stage: 'Upgrading a copy of the data',
      async ensure(context) {
        const { check } = await rehearseUpgrade(context, targetOf(context), context.input.instanceId);
        refuseFailed([check], context.input.version);
      },
      undo: (context) => throwAway(context, context.input.instanceId),
    },
    {
      // Before the roll, so that it is undone after it: what the newer MySQL has taken over, the older cannot start on.
      name: 'standbyUpgraded',
      stage: 'Stopping the standby',
      needed: ({ input }) => input.roll !== undefined,
      ensure: () => {},
      undo: removeStandbyData,
    },
    ...rollingSteps<UpgradeServerInput>({
      changed: ({ world, input }, { id }) => setRuntime(world.database, id, input.to),
      undone: ({ world, input }) => setRuntime(world.database, input.roll!.to, input.from),
    }),
    ...atOnce.map((step) => ({ ...step, needed: ({ input }: Context) => input.roll === undefined })),
  ],
  succeeded(context) {
    const { world, input, operation } = context;
    const { database, clock } = world;
    const server = serverOf(context);
    setRestarts(database, readPrimary(database, server.id).id, []);
    const { properties, ...rest } = server.intent;
    updateServer(database, server.id, {
      state: 'Ready',
      stateReason: null,
      intent: { ...rest, properties: { ...properties, version: input.version } },
    });
    const endedAt = clock.now();
    const { writesStoppedAt } = upgradeOf(context);
    const failover = findFailover(database, operation.id);
    updateUpgrade(database, operation.id, {
      status: 'Succeeded',
      endedAt,
      writesStoppedAt: writesStoppedAt ?? failover?.writesStoppedAt ?? endedAt,
      downtimeMs: Math.round(failover?.downtimeMs ?? endedAt - (writesStoppedAt ?? endedAt)),
    });
  },
  failed(context, error) {
    const { world, input, operation } = context;
    const { database, clock } = world;
    const id = serverIdOf(context);
    const leftOver = error.details?.some(({ code }) => code === 'CleanUpIncomplete');
    if (leftOver) setDesired(database, readPrimary(database, id).id, 'stopped');
    const server = serverOf(context);
    const { properties } = server.intent;
    // Interrupted when there was no way back any more.
    const version = readPrimary(database, id).runtimeId === input.to ? input.version : properties.version;
    const stateReason = leftOver
      ? `The upgrade failed, and MySQL could not be started as it was before: ${error.message}`
      : `The upgrade failed; the server runs MySQL ${version}. ${error.message}`;
    updateServer(database, id, {
      intent: { ...server.intent, tags: input.tags, properties: { ...properties, version } },
      state: leftOver ? 'Disabled' : 'Ready',
      front: leftOver ? 'closed' : 'open',
      stateReason,
    });
    updateUpgrade(database, operation.id, { status: 'Failed', endedAt: clock.now(), problem: error.message });
  },
  keepOfInput: ({ authenticationHash: _, ...input }) => input,
  story(context) {
    const { fromVersion, toVersion, downtimeMs, backup } = upgradeOf(context);
    const where = context.input.roll ? ' on both sides' : '';
    return `MySQL ${fromVersion} was upgraded to ${toVersion}${where}, after the full backup “${backup}”. Clients waited for ${downtimeMs} ms.`;
  },
};

function upgradeOf(context: Context) {
  return findUpgrade(context.world.database, context.operation.id)!;
}

function targetOf({ world, input }: Context) {
  return runtimeOf(world, input.to);
}

/** A full backup of its own, an operation beside this one; found again after a death of the daemon. */
async function ensureBackedUp(context: Context): Promise<void> {
  const { world, engine, operation, input } = context;
  const { database } = world;
  const server = serverOf(context);
  const name = `before-${input.version}-${operation.id.slice(0, 8)}`;
  const { apiVersion, caller } = operation;
  if (!findFullBackup(database, server.id, name)) {
    const request = { server, name, source: 'Automatic' as const, apiVersion, caller };
    beginBackUpServer({ engine, world }, request);
    updateUpgrade(database, operation.id, { backup: name });
  }
  const running = listOperationsInProgress(database).find(({ resourceId }) => resourceId.endsWith(`/backups/${name}`));
  const ended = running && (await engine.ended(running.id));
  const backup = findFullBackup(database, server.id, name);
  if (backup?.state === 'Succeeded') return;
  const why = ended?.error?.message ?? backup?.problem ?? 'It was interrupted.';
  throw new ArmError('UpgradeBackupFailed', 409, `No backup could be made before the upgrade: ${why}`);
}

/** Of a standby that did not take over: it is cloned from the primary, which goes on with the older MySQL. */
async function removeStandbyData(context: Context): Promise<void> {
  const { world, input } = context;
  const standby = standbyOf(context);
  if (standby.id !== input.roll!.to) return;
  setRuntime(world.database, standby.id, input.from);
  await ensureMysqldStopped(world, standby, 'kill');
  await keepLogs(logPlace(world, serverOf(context), [standby]));
  await removeInstance(mysqlInstance(world, standby));
}
