import type { UpgradeCheckResult } from '../../arm/local/upgrade.ts';
import { listUpgradeChecks, writeUpgradeCheck, type UpgradeCheckRow } from '../store/upgrades.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { refuseUnlessAllowed, serverIdOf } from './server-steps.ts';
import { runUpgradeChecks } from './upgrade-checks.ts';
import { result } from './upgrade-judgement.ts';
import { rehearseUpgrade, throwAway } from './upgrade-rehearsal.ts';
import { runtimeOf, type World } from './world.ts';

export interface CheckUpgradeInput {
  /** The id of the runtime to go to. */
  to: string;
  /** Also tried on a copy of the data. */
  rehearse: boolean;
  /** Of the instance that is thrown away. */
  instanceId: string;
}

type Context = OperationContext<World, CheckUpgradeInput>;

/** Whether the server could be upgraded, and what stands against it. Nothing of the server is touched. */
export const checkUpgrade: OperationDefinition<World, CheckUpgradeInput> = {
  armName: 'CheckUpgradeManagementOperation',
  title: 'Check upgrade',
  action: 'Flexdeck.Local/flexibleServers/checkUpgrade/action',
  exclusive: false,
  lane: 'verification',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'update');
  },
  steps: [
    {
      name: 'checked',
      stage: 'Comparing the server with the newer MySQL',
      async ensure(context) {
        record(context, { checks: await runUpgradeChecks(context, runtimeOf(context.world, context.input.to)) });
      },
    },
    {
      name: 'rehearsed',
      stage: 'Upgrading a copy of the data',
      needed: ({ input }) => input.rehearse,
      async ensure(context) {
        const { checks } = read(context);
        if (checks.some(isFatal)) {
          const message = 'It was left out, since something else has to be put right first.';
          record(context, {
            checks: [...withoutRehearsal(checks), result('rehearsal', 'Rehearsal', 'Skipped', message)],
          });
          return;
        }
        const { to, instanceId } = context.input;
        const { check, startMs } = await rehearseUpgrade(context, runtimeOf(context.world, to), instanceId);
        record(context, { checks: [...withoutRehearsal(checks), check], startMs });
      },
      undo: (context) => throwAway(context, context.input.instanceId),
    },
  ],
  succeeded(context) {
    const status = read(context).checks.some(({ outcome }) => outcome === 'Failed') ? 'Failed' : 'Passed';
    record(context, { status, endedAt: context.world.clock.now() });
  },
  failed(context, { message }) {
    record(context, { status: 'Failed', problem: message, endedAt: context.world.clock.now() });
  },
  story(context) {
    const { fromVersion, toVersion, checks } = read(context);
    const failed = checks.filter(({ outcome }) => outcome === 'Failed').map(({ title }) => title);
    const how = failed.length === 0 ? 'nothing stands against it' : `these have to be put right: ${failed.join(', ')}`;
    return `Whether the server can go from MySQL ${fromVersion} to ${toVersion}: ${how}.`;
  },
};

/** Those that would keep the rehearsal's mysqld from starting, its copy from fitting, or its tables from being looked at. */
function isFatal({ name, outcome }: UpgradeCheckResult): boolean {
  return outcome === 'Failed' && ['parameters', 'space', 'backup', 'transactions'].includes(name);
}

function withoutRehearsal(checks: UpgradeCheckResult[]): UpgradeCheckResult[] {
  return checks.filter(({ name }) => name !== 'rehearsal');
}

function read(context: Context): UpgradeCheckRow {
  const found = listUpgradeChecks(context.world.database, serverIdOf(context)).find(
    ({ id }) => id === context.operation.id,
  );
  if (!found) throw new Error('The check is not known any more.');
  return found;
}

function record(context: Context, change: Partial<UpgradeCheckRow>): void {
  writeUpgradeCheck(context.world.database, { ...read(context), ...change });
}
