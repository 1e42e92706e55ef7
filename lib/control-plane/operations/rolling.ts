import { ArmError } from '../../arm/error.ts';
import { recordHaEvent } from '../ha/transition.ts';
import { transaction, type Database } from '../store/database.ts';
import { endFailover, findFailover } from '../store/failovers.ts';
import { findPrimary, findStandby, type InstanceRow } from '../store/instances.ts';
import type { ServerRow } from '../store/servers.ts';
import type { OperationContext, Step } from './definition.ts';
import { failoverServer } from './failover-server.ts';
import { notHealthy, recordFailover, type FailoverInput } from './failover-state.ts';
import { ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { primaryOf, serverIdOf, serverOf } from './server-steps.ts';
import { letStandbyGo } from './standby-leaves.ts';
import { standbyOf } from './standby-state.ts';
import { standbySteps } from './standby-steps.ts';
import type { World } from './world.ts';

/** What an operation's input has that restarts a server's mysqlds one after the other. */
export interface RollingInput {
  /** The switch in the middle of it; absent where the standby may not take over, so that the server itself restarts. */
  roll?: FailoverInput;
}

/**
 * Whether a restart of this server can roll: decided when it begins, for all of it.
 *
 * @param reason of the failover in it, a sentence for people.
 */
export function planRoll(database: Database, server: ServerRow, reason: string): RollingInput {
  const from = findPrimary(database, server.id)?.id;
  const to = findStandby(database, server.id)?.id;
  if (server.haState !== 'Healthy' || !from || !to) return {};
  return { roll: { kind: 'planned', reason, from, to } };
}

/** What is taken from the failover operation, in order. */
const SWITCH = [
  'standbyClose',
  'primaryDrained',
  'standbyPromoted',
  'clientsSwitched',
  'sourceForgotten',
  'eventsRestored',
  'pendingCompared',
] as const;

type Context<Input> = OperationContext<World, Input>;

/**
 * Restarts both sides with the options that the server's intent and parameters ask for now, one after the other: the
 * standby first, then it takes over as in a planned failover, then the former primary, which the high availability
 * reconciler brings back. Clients feel the failover and nothing else. Until the switch all of it can be undone, and
 * nothing after it fails.
 *
 * @param options.needed whether there is anything to restart for; only asked where the server can roll.
 * @param options.changed gives a side that does not run what it is to run with next, where the intent does not say so.
 * @param options.undone brings the intent back to what it was, before the standby is made anew with that.
 */
export function rollingSteps<Input extends RollingInput>({
  needed = () => true,
  changed = () => {},
  undone = () => {},
}: {
  needed?: (context: Context<Input>) => boolean;
  changed?: (context: Context<Input>, stopped: InstanceRow) => void;
  undone?: (context: Context<Input>) => void;
} = {}): Step<World, Input>[] {
  const rolls = (context: Context<Input>) => context.input.roll !== undefined && needed(context);
  const isBeforeSwitch = (context: Context<Input>) => primaryOf(context).id === context.input.roll!.from;
  const own = (step: Step<World, Input>): Step<World, Input> => ({
    ...step,
    name: `rolling-${step.name}`,
    needed: rolls,
  });

  return [
    own({
      name: 'standbyLetGo',
      stage: 'Stopping the standby',
      async ensure(context) {
        await letStandbyGo(context, 'It is being changed, before the primary is.');
        changed(context, standbyOf(context));
      },
      async undo(context) {
        undone(context);
        // While the primary is lost, a standby that may take over is worth more than one with the former options.
        if (findMysqld(context.world, primaryOf(context))) {
          await letStandbyGo(context, 'A change of the server was undone: it starts again as it was.');
        }
      },
    }),
    ...standbySteps
      .filter(({ name }) => name !== 'standbyPlanned')
      .map((step) =>
        own({
          ...step,
          // Repeated after a death of the daemon, when it may have caught up or taken over since.
          ensure: async (context) => {
            if (isBeforeSwitch(context) && serverOf(context).haState === 'CreatingStandby') await step.ensure(context);
          },
        }),
      ),
    ...SWITCH.flatMap((name) => {
      const step = failoverServer.steps.find((found) => found.name === name)!;
      const inFailover = (context: Context<Input>) => ({ ...context, input: context.input.roll! });
      const switching = own({
        name,
        stage: step.stage,
        ...(step.perishable && { perishable: true }),
        ensure: (context) => step.ensure(inFailover(context)),
        ...(step.undo && { undo: (context) => step.undo!(inFailover(context)) }),
      });
      return name === 'standbyClose' ? [switching, own({ ...failoverRecorded })] : [switching];
    }),
    own({
      name: 'formerPrimaryStopped',
      stage: 'Stopping the former primary',
      async ensure(context) {
        const { world, log, operation } = context;
        const standby = standbyOf(context);
        if (standby.id !== context.input.roll!.from) return;
        await ensureMysqldStopped(world, standby, 'clean').catch((failure) => {
          log.warn({ err: failure, operation: operation.id }, 'the former primary was not stopped cleanly');
        });
        changed(context, standby);
      },
    }),
  ];
}

const failoverRecorded: Step<World, RollingInput> = {
  name: 'failoverRecorded',
  stage: 'Preparing the failover',
  ensure(context) {
    const { world, operation, input } = context;
    if (findFailover(world.database, operation.id)) return;
    const { haState, haReason } = serverOf(context);
    if (haState !== 'Healthy') throw new ArmError('HighAvailabilityNotHealthy', 409, notHealthy(haState, haReason));
    transaction(world.database, () =>
      recordFailover(world, { ...operation, input: input.roll, startedAt: world.clock.now() }),
    );
  },
  undo(context) {
    const { world, operation } = context;
    const { database, clock } = world;
    const at = clock.now();
    transaction(database, () => {
      if (findFailover(database, operation.id)) {
        endFailover(database, operation.id, { status: 'Failed', at, downtimeMs: null });
      }
      if (serverOf(context).haState !== 'FailingOver') return;
      const reason = 'A change of the server was undone before its standby took over.';
      recordHaEvent(database, serverIdOf(context), { when: 'NotPromoted', reason, at });
    });
  },
};
