import { healthOf, isOutage, outage, type Health } from '../../rules/server-health.ts';
import { findMysqld } from '../operations/mysqld.ts';
import type { World } from '../operations/world.ts';
import { transaction } from '../store/database.ts';
import { findNewestVerification } from '../store/backup-verifications.ts';
import { findGeoCopyFailure } from '../store/geo-copies.ts';
import { findPrimary } from '../store/instances.ts';
import { findExclusiveOperation, listOperationsEndedAfter, type OperationRow } from '../store/operations.ts';
import { findNewestHealth, insertHealth } from '../store/server-health.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** What lasts no longer is not told of. */
const PASSING_MS = 5_000;

/** Writes down when servers begin and cease to be available: what resource health tells, and its history. */
export function serverHealthReconciler(world: World): Reconciler {
  const { database, clock } = world;
  const brokenSince = new Map<string, number>();

  /** Why a server's log is not archived; null while it is, and while that may pass: a restart breaks it off for a moment. */
  function archiveProblem(serverId: string): string | null {
    const archive = world.archives.status(serverId);
    if (archive?.state !== 'Broken') {
      brokenSince.delete(serverId);
      return null;
    }
    const now = clock.now();
    const since = brokenSince.get(serverId) ?? now;
    brokenSince.set(serverId, since);
    return Math.abs(now - since) < PASSING_MS ? null : archive.reason;
  }

  function observe(server: ServerRow): Health | undefined {
    const primary = findPrimary(database, server.id);
    const operation = findExclusiveOperation(database, server.id);
    const verification = findNewestVerification(database, server.id);
    return healthOf({
      state: server.state,
      stateReason: server.stateReason,
      alive: primary !== undefined && findMysqld(world, primary) !== undefined,
      open: server.front === 'open',
      operation: operation?.kind,
      byPerson: operation !== undefined && isByPerson(operation),
      haState: server.haState,
      haReason: server.haReason,
      archiveProblem: archiveProblem(server.id),
      backupProblem: verification?.status === 'Failed' ? (verification.problem ?? '') : undefined,
      geoProblem: findGeoCopyFailure(database, server.id)?.problem,
    });
  }

  /** One server; undefined when nothing changed. */
  function record(server: ServerRow): string | undefined {
    const now = clock.now();
    const last = findNewestHealth(database, server.id);
    const health = observe(server);
    if (!health) return undefined;
    // A short outage may lie wholly between two looks: what was done tells of it.
    const missed = last
      ? listOperationsEndedAfter(database, server.id, last.at).filter(
          ({ kind, startedAt, status }) => isOutage(kind) && startedAt > last.at && status === 'Succeeded',
        )
      : [];
    const isSame = last?.state === health.state && last.title === health.title;
    if (last && isSame && missed.length === 0) {
      // The same trouble, of which more is known by now.
      if (last.summary !== health.summary) insertHealth(database, { ...last, summary: health.summary });
      return undefined;
    }
    transaction(database, () => {
      for (const operation of missed) {
        insertHealth(database, {
          serverId: server.id,
          at: operation.startedAt,
          ...outage(operation.kind, isByPerson(operation)),
        });
        insertHealth(database, { serverId: server.id, at: operation.endedAt!, ...health });
      }
      if (!isSame && missed.length === 0) insertHealth(database, { serverId: server.id, at: now, ...health });
    });
    return `${server.name} is ${health.state}`;
  }

  return {
    name: 'server health',
    everyMs: 500,
    async tick() {
      const stories = listServers(database).flatMap((server) => record(server) ?? []);
      return stories.join('; ') || undefined;
    },
  };
}

/** The servers that run end with the control plane: nobody looks at them until the next start. */
export function recordStopWithControlPlane({ database, clock }: Pick<World, 'database' | 'clock'>): void {
  for (const { id } of listServers(database)) {
    const last = findNewestHealth(database, id);
    if (!last || last.state === 'Unavailable') continue;
    insertHealth(database, {
      serverId: id,
      at: clock.now(),
      state: 'Unavailable',
      reasonType: 'Planned',
      title: 'Stopped with the control plane',
      summary: 'Flexdeck was stopped, and the server with it. It comes back with Flexdeck.',
    });
  }
}

/** The control plane itself has this id. */
function isByPerson({ caller }: OperationRow): boolean {
  return !/^[0-]+$/.test(caller.objectId);
}
