import { beginRecoverServer } from '../operations/begin.ts';
import { findMysqld } from '../operations/mysqld.ts';
import type { Control } from '../operations/world.ts';
import { transaction } from '../store/database.ts';
import { findPrimary, setDesired, setProcess, setRestarts } from '../store/instances.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, updateServer, type ServerRow } from '../store/servers.ts';
import { itself } from './itself.ts';
import type { Reconciler } from './loop.ts';

/** How often a mysqld that ends is started again, before people are told and it is left alone. */
export const RESTART_POLICY = { most: 5, withinMs: 5 * 60_000 };

/** One server as it is. */
export interface Observed {
  serverId: string;
  name: string;
  desired: 'running' | 'stopped';
  /** Whether its mysqld lives. */
  alive: boolean;
  /** An exclusive operation has it: that one sees to it. */
  busy: boolean;
  /** When it was started again before. */
  restarts: readonly number[];
}

export type Action =
  | { do: 'recover'; serverId: string; restarts: number[]; story: string }
  | { do: 'giveUp'; serverId: string; story: string };

/** What to do about servers whose mysqld is gone. Pure. */
export function planRecovery(servers: readonly Observed[], now: number): Action[] {
  return servers.flatMap(({ serverId, name, desired, alive, busy, restarts }): Action[] => {
    if (desired === 'stopped' || alive || busy) return [];
    const recent = restarts.filter((at) => at > now - RESTART_POLICY.withinMs);
    if (recent.length >= RESTART_POLICY.most) {
      const minutes = RESTART_POLICY.withinMs / 60_000;
      return [{ do: 'giveUp', serverId, story: `gave up ${name}: ${recent.length} starts within ${minutes} minutes` }];
    }
    const story = `starting mysqld of ${name} again, attempt ${recent.length + 1} of ${RESTART_POLICY.most}`;
    return [{ do: 'recover', serverId, restarts: [...recent, now], story }];
  });
}

/** Keeps every mysqld alive that should be, adopting those that an earlier daemon started. */
export function mysqldReconciler(control: Control, tenantId: string): Reconciler {
  const { database, clock, fronts, newId } = control.world;

  function observe(server: ServerRow): Observed[] {
    const primary = findPrimary(database, server.id);
    // Where a standby may take over, the high availability reconciler decides who goes on.
    if (!primary || server.haState === 'Healthy' || server.haState === 'FailingOver') return [];
    const busy = findExclusiveOperation(database, server.id) !== undefined;
    const { desired, restarts } = primary;
    const running = desired === 'running' && !busy ? findMysqld(control.world, primary) : undefined;
    if (running && running !== primary.process) setProcess(database, primary.id, running);
    return [{ serverId: server.id, name: server.name, desired, alive: running !== undefined, busy, restarts }];
  }

  async function act(action: Action, server: ServerRow): Promise<void> {
    const primary = findPrimary(database, server.id);
    if (!primary) return;
    if (action.do === 'recover') {
      setRestarts(database, primary.id, action.restarts);
      const first = action.restarts.length === 1;
      beginRecoverServer(control, {
        server,
        apiVersion: '',
        caller: itself(tenantId, newId()),
        reason: first
          ? 'MySQL is being started again.'
          : `MySQL ended; it is being started again (${action.restarts.length} of ${RESTART_POLICY.most}).`,
      });
      return;
    }
    transaction(database, () => {
      setDesired(database, primary.id, 'stopped');
      const stateReason =
        `Its database process ended ${RESTART_POLICY.most} times within ${RESTART_POLICY.withinMs / 60_000} minutes and is left alone. ` +
        (server.stateReason ?? '');
      updateServer(database, server.id, { state: 'Disabled', stateReason: stateReason.trim(), front: 'closed' });
    });
    await fronts.push();
  }

  return {
    name: 'mysqld',
    everyMs: 500,
    async tick() {
      const servers = new Map(listServers(database).map((server) => [server.id, server]));
      const actions = planRecovery([...servers.values()].flatMap(observe), clock.now());
      for (const action of actions) await act(action, servers.get(action.serverId)!);
      return actions.map(({ story }) => story).join('; ') || undefined;
    },
  };
}
