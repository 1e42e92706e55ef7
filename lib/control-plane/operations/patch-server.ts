import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import { findFailover } from '../store/failovers.ts';
import { readPrimary, setDesired, setRestarts, setRuntime } from '../store/instances.ts';
import { findMaintenance, updateMaintenance } from '../store/maintenances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition, Step } from './definition.ts';
import { rollingSteps, type RollingInput } from './rolling.ts';
import {
  changesServer,
  clientsAreAnswered,
  gatewayClosed,
  gatewayListens,
  mysqldRuns,
  mysqldStopped,
  primaryOf,
  requireRuntimeRuns,
  serverIdOf,
} from './server-steps.ts';
import { ensureRuntimeStarts } from './trial.ts';
import { runtimeOf, type World } from './world.ts';

export interface PatchServerInput extends RollingInput {
  /** The maintenance that it carries out. */
  maintenance: string;
  /** Ids of runtimes: what it runs on, and what it is to run on. */
  from: string;
  to: string;
}

type Context = OperationContext<World, PatchServerInput>;

/** Without a standby that may take over meanwhile: clients wait until the new build runs. */
const atOnce: Step<World, PatchServerInput>[] = [
  {
    // Before the stop, so that no step is between that and the start which clients would wait for.
    name: 'runtimeSwitched',
    stage: 'Switching to the new build',
    ensure: (context) => setRuntime(context.world.database, primaryOf(context).id, context.input.to),
    undo: (context) => setRuntime(context.world.database, primaryOf(context).id, context.input.from),
  },
  {
    ...gatewayClosed,
    async ensure(context) {
      const { database, clock } = context.world;
      const { name, writesStoppedAt } = maintenanceOf(context);
      // The first moment stays: a daemon that repeats the step must not shorten the time.
      if (writesStoppedAt === null) updateMaintenance(database, name, { writesStoppedAt: clock.now() });
      await gatewayClosed.ensure(context);
    },
  },
  {
    ...mysqldStopped,
    async undo(context) {
      setRuntime(context.world.database, primaryOf(context).id, context.input.from);
      await mysqldStopped.undo?.(context);
    },
  },
  {
    ...mysqldRuns,
    async ensure(context) {
      await mysqldRuns.ensure(context);
      await requireRuntimeRuns(context, context.input.to);
    },
  },
  gatewayListens,
  clientsAreAnswered,
];

/**
 * The server goes on with another build of MySQL; one whose standby may take over rolls. What goes wrong after the stop, or
 * before the switch, takes it back to the build that it came from; within a long-term series MySQL starts that again on the
 * same data (its manual, "Downgrading MySQL").
 */
export const patchServer: OperationDefinition<World, PatchServerInput> = {
  armName: 'MaintenanceManagementOperation',
  title: 'Maintain server',
  action: `${FLEXDECK_LOCAL}/flexibleServers/maintain/action`,
  ...changesServer,
  steps: [
    {
      name: 'runtimeTried',
      stage: 'Trying the new build beside the server',
      ensure: (context) => ensureRuntimeStarts(context, runtimeOf(context.world, context.input.to)),
    },
    ...rollingSteps<PatchServerInput>({
      changed: ({ world, input }, { id }) => setRuntime(world.database, id, input.to),
      undone: ({ world, input }) => setRuntime(world.database, input.roll!.to, input.from),
    }),
    ...atOnce.map((step) => ({ ...step, needed: ({ input }: Context) => input.roll === undefined })),
  ],
  succeeded(context) {
    const { database } = context.world;
    const id = serverIdOf(context);
    setRestarts(database, readPrimary(database, id).id, []);
    updateServer(database, id, { state: 'Ready', stateReason: null });
    endMaintenance(context, 'Completed', null);
  },
  story(context) {
    const { fromVersion, toVersion, downtimeMs } = maintenanceOf(context);
    const where = context.input.roll ? ' on both sides' : '';
    return `MySQL ${fromVersion} was replaced by ${describeBuild(fromVersion, toVersion)}${where}. Clients waited for ${downtimeMs} ms.`;
  },
  failed(context, error) {
    const { database } = context.world;
    const id = serverIdOf(context);
    const leftOver = error.details?.some(({ code }) => code === 'CleanUpIncomplete');
    const stateReason = leftOver
      ? `The maintenance failed, and MySQL could not be started as it was before: ${error.message}`
      : `The maintenance failed; the server runs as before. ${error.message}`;
    if (leftOver) setDesired(database, readPrimary(database, id).id, 'stopped');
    updateServer(database, id, {
      state: leftOver ? 'Disabled' : 'Ready',
      stateReason,
      ...(leftOver ? { front: 'closed' as const } : { front: 'open' as const }),
    });
    endMaintenance(context, 'Canceled', stateReason);
  },
};

export function describeBuild(fromVersion: string, toVersion: string): string {
  return fromVersion === toVersion ? `another build of ${toVersion}` : toVersion;
}

function maintenanceOf(context: Context) {
  return findMaintenance(context.world.database, serverIdOf(context), context.input.maintenance)!;
}

function endMaintenance(context: Context, state: 'Completed' | 'Canceled', reason: string | null): void {
  const { database, clock } = context.world;
  const { name, writesStoppedAt } = maintenanceOf(context);
  const executionEndedAt = clock.now();
  const ofItself = writesStoppedAt === null ? 0 : executionEndedAt - writesStoppedAt;
  const downtimeMs = Math.round(findFailover(database, context.operation.id)?.downtimeMs ?? ofItself);
  updateMaintenance(database, name, { state, reason, executionEndedAt, downtimeMs });
}
