import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import {
  FAILED_AGAIN_MS,
  newerBuild,
  nextWindow,
  plannedStart,
  PUT_OFF_MS,
  WINDOW_MS,
  type Maintained,
} from '../../rules/maintenance.ts';
import { actionProblem } from '../../rules/server-actions.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { beginPatchServer } from '../operations/begin.ts';
import { describeBuild } from '../operations/patch-server.ts';
import type { Control } from '../operations/world.ts';
import { intentOf, serverResourceId } from '../resources/server-shape.ts';
import { transaction } from '../store/database.ts';
import { findPrimary, type InstanceRow } from '../store/instances.ts';
import { insertMaintenance, listMaintenances, updateMaintenance, type MaintenanceRow } from '../store/maintenances.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { itself } from './itself.ts';
import { apart } from './apart.ts';
import { teller, type Reconciler } from './loop.ts';

/**
 * Tells each server's people of a newer build of MySQL, and brings it in the server's window.
 *
 * @param lookForRuntimes adds what came to this machine to the world's runtimes; says what, for the log.
 */
export function maintenanceReconciler(
  control: Control,
  tenantId: string,
  lookForRuntimes: () => Promise<string | undefined>,
): Reconciler {
  const { database, clock, log, newId, runtimes } = control.world;
  const tell = teller((details) => log.error({ reconciler: 'maintenance', ...details }, 'a server was not seen to'));
  const from = () => ({ apiVersion: FLEXDECK_LOCAL_VERSION, caller: itself(tenantId, newId()) });

  function tickServer(server: ServerRow): string | undefined {
    const primary = findPrimary(database, server.id);
    const current = runtimes.find(({ id }) => id === primary?.runtimeId);
    if (!primary || !current || server.state === 'Dropping') return undefined;
    const history = listMaintenances(database, server.id);
    const ahead = history.find(({ state }) => state !== 'Completed' && state !== 'Canceled');
    if (!ahead) return announce(server, current, history);
    const target = runtimes.find(({ id }) => id === ahead.toRuntime);
    // Its operation sees to it to the end.
    if (ahead.state === 'Processing') return undefined;
    if (!target) return cancel(server, ahead, `MySQL ${ahead.toVersion} is not on this machine any more.`);
    if (target.series !== current.series) {
      return cancel(server, ahead, `The server was upgraded to MySQL ${current.series} meanwhile.`);
    }
    if (primary.runtimeId === target.id) return cancel(server, ahead, 'The server has that build already.');
    if (newerBuild(target, offered(history))) return cancel(server, ahead, 'A newer build has come in its place.');
    return runWhenDue(server, primary, ahead, target);
  }

  /** All builds but those that failed on this server lately. */
  function offered(history: MaintenanceRow[]): MysqlRuntime[] {
    const since = clock.now() - FAILED_AGAIN_MS;
    const failed = history.filter(
      ({ state, executionEndedAt }) => state === 'Canceled' && executionEndedAt !== null && executionEndedAt > since,
    );
    return runtimes.filter(({ id }) => !failed.some(({ toRuntime }) => toRuntime === id));
  }

  function announce(server: ServerRow, current: MysqlRuntime, history: MaintenanceRow[]): string | undefined {
    const target = newerBuild(current, offered(history));
    if (!target) return undefined;
    const now = clock.now();
    const startAt = plannedStart(maintained(server), now);
    const name = newId().slice(0, 8).toUpperCase();
    const build = describeBuild(current.fullVersion, target.fullVersion);
    const story = `MySQL ${current.fullVersion} is to be replaced by ${build} from ${iso(startAt)} on.`;
    transaction(database, () => {
      insertMaintenance(database, {
        name,
        serverId: server.id,
        toRuntime: target.id,
        fromVersion: current.fullVersion,
        toVersion: target.fullVersion,
        announcedAt: now,
        startAt,
        latestAt: startAt + PUT_OFF_MS,
      });
      record(server, 'Maintenance scheduled', story);
    });
    return `${server.name}: ${story}`;
  }

  function cancel(server: ServerRow, { name }: MaintenanceRow, reason: string): string {
    transaction(database, () => {
      updateMaintenance(database, name, { state: 'Canceled', reason });
      record(server, 'Maintenance canceled', reason);
    });
    return `${server.name}: the maintenance is canceled. ${reason}`;
  }

  function runWhenDue(
    server: ServerRow,
    primary: InstanceRow,
    ahead: MaintenanceRow,
    target: MysqlRuntime,
  ): string | undefined {
    const now = clock.now();
    if (now < ahead.startAt) return undefined;
    const obstacle = obstacleTo(server, ahead);
    if (now > ahead.startAt + WINDOW_MS) {
      const startAt = nextWindow(maintained(server), now);
      const reason = `It was put off: ${obstacle ?? ahead.reason ?? 'the control plane did not run in its window.'}`;
      transaction(database, () => {
        updateMaintenance(database, ahead.name, { state: 'ReScheduled', startAt, reason });
        record(server, 'Maintenance put off', `${reason} It is to be from ${iso(startAt)} on.`);
      });
      return `${server.name}: ${reason}`;
    }
    if (obstacle) {
      if (ahead.reason !== obstacle) updateMaintenance(database, ahead.name, { reason: obstacle });
      return undefined;
    }
    const input = { maintenance: ahead.name, from: primary.runtimeId, to: target.id };
    beginPatchServer(control, { server, input, ...from() });
    return `${server.name}: the maintenance has begun`;
  }

  /** Why it cannot be done now; undefined when it can. */
  function obstacleTo(server: ServerRow, ahead: MaintenanceRow): string | undefined {
    const problem = actionProblem('update', server.state);
    const busy = findExclusiveOperation(database, server.id);
    if (busy) return `The server is busy: ${busy.stage}.`;
    if (problem) return problem;
    const canary = isCanary(server) ? undefined : fallenCanary(ahead);
    if (canary) return `It failed on the virtual canary ${canary.name}, so that this server is kept from it.`;
    if (server.haState === 'NotEnabled' || server.haState === 'Healthy') return undefined;
    return 'The standby is not complete.';
  }

  /** A virtual canary that the same build failed on, and that did not get it since. */
  function fallenCanary({ toRuntime }: MaintenanceRow): ServerRow | undefined {
    return listServers(database).find((server) => {
      if (!isCanary(server)) return false;
      const its = listMaintenances(database, server.id).find((row) => row.toRuntime === toRuntime);
      return its?.state === 'Canceled' && its.executionEndedAt !== null;
    });
  }

  function record(server: ServerRow, title: string, story: string): void {
    recordActivity(database, {
      action: `${FLEXDECK_LOCAL}/flexibleServers/maintenance/action`,
      title,
      resourceId: serverResourceId(server),
      caller: from().caller,
      status: 'Succeeded',
      story,
      operationId: newId(),
      eventId: newId(),
      at: clock.now(),
    });
  }

  return {
    name: 'maintenance',
    everyMs: 5_000,
    async tick() {
      const told = await apart(
        [lookForRuntimes, ...listServers(database).map((server) => () => tickServer(server))],
        (see) => see(),
        tell,
      );
      return told.length > 0 ? told.join('; ') : undefined;
    },
  };
}

function maintained(server: ServerRow): Maintained {
  const { maintenanceWindow: window } = intentOf(server).properties;
  return { window, location: server.location, seed: server.id, isCanary: isCanary(server) };
}

function isCanary(server: ServerRow): boolean {
  return intentOf(server).properties.maintenancePolicy.patchStrategy === 'VirtualCanary';
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
