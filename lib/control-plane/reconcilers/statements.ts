import { setImmediate as breathe } from 'node:timers/promises';
import { createStatementSampler } from '../metrics/statements/statement-sampler.ts';
import { isAlive } from '../mysql/adoption.ts';
import { instancePaths } from '../mysql/instance.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { findPrimary } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import { appendStatements, packNextStatementHour, pruneStatements } from '../store/statements.ts';
import type { Reconciler } from './loop.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After the quarter minutes on which metrics are taken, so that the two do not meet. */
const AFTER_MS = 5_000;
/** An hour is summed up once its last minute has surely been kept. */
const PACK_AFTER_MS = 5 * MINUTE;

/** Keeps each minute what the statements of every running server have cost. */
export function statementsReconciler(
  world: Pick<World, 'database' | 'metering' | 'clock' | 'paths' | 'log'>,
): Reconciler & { close(): void } {
  const { clock, database, log } = world;
  const { samples } = world.metering;
  const sampler = createStatementSampler({
    elapsed: () => performance.now(),
    keep: (serverId, minute, found) => appendStatements(samples, serverId, minute, found),
    failed: (serverId, failure) => log.warn({ serverId, err: failure }, 'statements were not measured'),
  });
  let lastMinute: number | undefined;
  let lastPruned: number | undefined;

  return {
    name: 'statements',
    everyMs: () => MINUTE - ((clock.now() - AFTER_MS) % MINUTE),
    async tick() {
      const now = clock.now();
      // The minute that has just ended.
      const minute = Math.floor((now - AFTER_MS) / MINUTE) * MINUTE - MINUTE;
      if (minute === lastMinute) return undefined;
      lastMinute = minute;
      const servers = listServers(database).flatMap(({ id }) => {
        const primary = findPrimary(database, id);
        if (!primary?.process || primary.desired !== 'running' || !isAlive(primary.process)) return [];
        return [{ id, process: primary.process, socket: instancePaths(mysqlInstance(world, primary)).socket }];
      });
      await sampler.look(servers, minute);
      while (packNextStatementHour(samples, now - PACK_AFTER_MS)) await breathe();
      if (lastPruned === undefined || Math.abs(now - lastPruned) >= HOUR) {
        lastPruned = now;
        pruneStatements(samples, now);
      }
      return undefined;
    },
    close: () => sampler.close(),
  };
}
