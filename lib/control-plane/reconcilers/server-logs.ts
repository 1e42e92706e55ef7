import type { LogKind } from '../../arm/local/log-entry.ts';
import { LOG_LIMITS, pruneLogs, rotateLogs, type LogLimits } from '../logs/log-files.ts';
import { isAlive } from '../mysql/adoption.ts';
import { withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { logPlace } from '../operations/server-logs.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { listInstances, type InstanceRow } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

const MINUTE = 60_000;
const TIMEOUT_MS = 3_000;
const FLUSH = { slowlog: 'SLOW', errorlog: 'ERROR' } as const;

type Needs = Pick<World, 'database' | 'paths' | 'clock' | 'log'>;

/** Rotates the logs of every server's mysqlds once a minute where that is due, and forgets old ones. */
export function serverLogsReconciler(world: Needs, limits: LogLimits = LOG_LIMITS): Reconciler {
  const { database, clock } = world;
  let lastMinute: number | undefined;

  async function reopen(instances: readonly InstanceRow[], path: string, kind: LogKind): Promise<void> {
    // Its writer opens it anew for each write.
    if (kind === 'connectionlog') return;
    const instance = instances.find((candidate) => {
      const { errorLog, slowLog } = instancePaths(mysqlInstance(world, candidate));
      return path === errorLog || path === slowLog;
    });
    // One that does not run opens its logs when it starts.
    if (!instance?.process || !isAlive(instance.process)) return;
    await withConnection(
      instancePaths(mysqlInstance(world, instance)).socket,
      async (connection) => {
        // A standby has its own; nothing of it belongs in the binary log.
        await connection.query({ sql: `FLUSH NO_WRITE_TO_BINLOG ${FLUSH[kind]} LOGS`, timeout: TIMEOUT_MS });
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  return {
    name: 'server-logs',
    everyMs: MINUTE,
    async tick() {
      const now = clock.now();
      const minute = Math.floor(now / MINUTE);
      if (minute === lastMinute) return undefined;
      lastMinute = minute;
      const stories: string[] = [];
      for (const server of listServers(database)) {
        const instances = listInstances(database, server.id);
        const place = logPlace(world, server, instances);
        try {
          const moved = await rotateLogs(place, {
            now,
            limits,
            reopen: (path, kind) => reopen(instances, path, kind),
          });
          const removed = await pruneLogs(place, now, limits);
          if (moved.length > 0) stories.push(`rotated ${moved.join(', ')}`);
          if (removed > 0) stories.push(`forgot ${removed} log files of ${server.name}`);
        } catch (failure) {
          world.log.warn({ server: server.name, err: failure }, 'logs were not rotated');
        }
      }
      return stories.length > 0 ? stories.join('; ') : undefined;
    },
  };
}
