import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { autoStartAt, lastDue } from '../../rules/schedules.ts';
import { lockedMessage, lockedScopes } from '../../rules/locks.ts';
import { actionProblem } from '../../rules/server-actions.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { beginStartServer, beginStopServer, beginUpdateServer } from '../operations/begin.ts';
import type { Control } from '../operations/world.ts';
import { planServerUpdate } from '../resources/server-intent.ts';
import { intentOf, serverResourceId } from '../resources/server-shape.ts';
import { transaction } from '../store/database.ts';
import { locksAround } from '../store/locks.ts';
import { findExclusiveOperation, type OperationRow } from '../store/operations.ts';
import {
  listSchedules,
  readAutoStart,
  setScheduleRun,
  writeAutoStart,
  type ScheduleRow,
  type ScheduleRun,
} from '../store/schedules.ts';
import { listServers, updateServer, type ServerRow } from '../store/servers.ts';
import { itself } from './itself.ts';
import { apart } from './apart.ts';
import { teller, type Reconciler } from './loop.ts';

/** What was due while the server was busy, or nothing ran here, is made up for within this time, and then let be. */
export const LATE_MS = 60 * 60_000;
/** A start that failed is not repeated at once: somebody may be looking at it. */
export const AUTO_START_AGAIN_MS = 6 * 60 * 60_000;

/** Starts servers that have been stopped for long enough, and does what schedules say when it is due. */
export function timersReconciler(control: Control, tenantId: string): Reconciler {
  const { database, clock, log, newId, runtimes } = control.world;
  const tell = teller((details) => log.error({ reconciler: 'timers', ...details }, 'a server was not seen to'));
  const caller = () => itself(tenantId, newId());

  function startByItself(server: ServerRow): string | undefined {
    if (server.state !== 'Stopped') return undefined;
    const now = clock.now();
    if (server.stoppedAt === null) {
      // Stopped by a version that did not write down when.
      updateServer(database, server.id, { stoppedAt: now });
      return undefined;
    }
    const { afterDays, attemptedAt } = readAutoStart(database, server.id);
    if (now < autoStartAt(server.stoppedAt, afterDays)) return undefined;
    if (attemptedAt !== null && attemptedAt > server.stoppedAt && now < attemptedAt + AUTO_START_AGAIN_MS) {
      return undefined;
    }
    if (findExclusiveOperation(database, server.id)) return undefined;
    transaction(database, () => {
      writeAutoStart(database, server.id, { afterDays, attemptedAt: now });
      beginStartServer(control, { server, apiVersion: FLEXDECK_LOCAL_VERSION, caller: caller() });
    });
    return `started ${server.name}, which had been stopped for ${afterDays} days`;
  }

  function runSchedules(server: ServerRow): string[] {
    const due = listSchedules(database, server.id)
      .filter(({ schedule }) => schedule.enabled)
      .map((row) => ({ row, due: lastDue(row.schedule, clock.now()) }))
      .filter(({ row, due: at }) => at > row.changedAt && !isHandled(row, at))
      .sort((a, b) => a.due - b.due || a.row.name.localeCompare(b.row.name));
    const stories: string[] = [];
    for (const { row, due: at } of due) {
      const run = attempt(server, row, at);
      if (run.outcome !== 'Waiting' || row.lastRun?.due !== at)
        stories.push(`${server.name}, ${row.name}: ${run.message}`);
      // One that begins now keeps the others waiting, in the order in which they were due.
      if (run.outcome !== 'Skipped') break;
    }
    return stories;
  }

  function attempt(server: ServerRow, row: ScheduleRow, due: number): ScheduleRun {
    const at = clock.now();
    const decided = decide(server, row);
    if (decided.outcome === 'Waiting' && at - due <= LATE_MS) {
      const run = { due, at, ...decided };
      if (row.lastRun?.due !== due) setScheduleRun(database, row, run);
      return run;
    }
    const late = at - due > LATE_MS;
    if (late || decided.outcome === 'Waiting') {
      const message =
        late && decided.outcome !== 'Waiting'
          ? 'It was due while the control plane did not run.'
          : `${decided.message} An hour has passed since.`;
      return skip(server, row, { due, at, outcome: 'Skipped', message });
    }
    if (decided.outcome === 'Skipped') return skip(server, row, { due, at, ...decided });
    try {
      return transaction(database, () => {
        const operation = begin(server, row);
        const run: ScheduleRun = { due, at, ...decided, operationId: operation.id };
        setScheduleRun(database, row, run);
        return run;
      });
    } catch (failure) {
      if (!(failure instanceof ArmError)) throw failure;
      return skip(server, row, { due, at, outcome: 'Skipped', message: failure.message });
    }
  }

  /** What can be told before it is tried. */
  function decide(server: ServerRow, { schedule }: ScheduleRow): Pick<ScheduleRun, 'outcome' | 'message'> {
    const { action } = schedule;
    const id = serverResourceId(server);
    const locked = lockedScopes('write', id, locksAround(database, id));
    if (locked.length > 0) return { outcome: 'Skipped', message: lockedMessage('write', id, locked) };
    const busy = findExclusiveOperation(database, server.id);
    if (busy) return { outcome: 'Waiting', message: `The server is busy: ${busy.stage}.` };
    if (action === 'Scale' && isAsWanted(server, { schedule })) {
      return { outcome: 'Skipped', message: `The server has the size ${schedule.sku?.name} already.` };
    }
    const verb = action === 'Start' ? 'start' : action === 'Stop' ? 'stop' : 'update';
    const problem = actionProblem(verb, server.state);
    if (problem) return { outcome: 'Skipped', message: problem };
    const to =
      action === 'Scale' ? `Scaling to ${schedule.sku?.name}.` : action === 'Start' ? 'Starting.' : 'Stopping.';
    return { outcome: 'Begun', message: to };
  }

  /** @throws {ArmError} what a person who asks for it now would be told. */
  function begin(server: ServerRow, { schedule }: ScheduleRow): OperationRow {
    const from = { server, apiVersion: FLEXDECK_LOCAL_VERSION, caller: caller() };
    if (schedule.action === 'Start') return beginStartServer(control, from);
    if (schedule.action === 'Stop') return beginStopServer(control, from);
    const versions = [...new Set(runtimes.map(({ series }) => series))];
    const sku = schedule.sku as { name: string; tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized' };
    const { intent } = planServerUpdate({ ...server, intent: intentOf(server) }, { sku }, { versions });
    return beginUpdateServer(control, { ...from, intent });
  }

  function skip(server: ServerRow, row: ScheduleRow, run: ScheduleRun): ScheduleRun {
    transaction(database, () => {
      setScheduleRun(database, row, run);
      // What is so already needs no one's attention.
      if (isAsWanted(server, row)) return;
      recordActivity(database, {
        action: `${FLEXDECK_LOCAL}/schedules/run/action`,
        title: `Run schedule ${row.name}`,
        resourceId: serverResourceId(server),
        caller: caller(),
        status: 'Failed',
        error: { code: 'ScheduleSkipped', message: `The schedule '${row.name}' was skipped. ${run.message}` },
        operationId: newId(),
        eventId: newId(),
        at: run.at,
      });
    });
    return run;
  }

  return {
    name: 'timers',
    everyMs: 5_000,
    async tick() {
      const stories = await apart(
        listServers(database),
        (server) => startByItself(server) ?? runSchedules(server),
        tell,
      );
      return stories.length > 0 ? stories.join('; ') : undefined;
    },
  };
}

function isAsWanted({ state, intent }: ServerRow, { schedule }: Pick<ScheduleRow, 'schedule'>): boolean {
  if (schedule.action === 'Scale') return intent.sku.name === schedule.sku?.name;
  return state === (schedule.action === 'Start' ? 'Ready' : 'Stopped');
}

function isHandled({ lastRun }: ScheduleRow, due: number): boolean {
  return lastRun !== null && (lastRun.due > due || (lastRun.due === due && lastRun.outcome !== 'Waiting'));
}
