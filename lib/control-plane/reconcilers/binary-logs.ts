import { purgeBinlogs } from '../backup/binlog-purge.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { connect, type Connection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { readExecuted } from '../mysql/replication.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { findPrimary, findStandby, type InstanceRow } from '../store/instances.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

const EVERY_MS = 30_000;
/** One that does not answer is not waited for. */
const ANSWER_MS = 10_000;

/** What is archived, and on the standby, need not lie on the servers' disks as well. */
export function binaryLogsReconciler(
  world: Pick<World, 'database' | 'archives' | 'clock' | 'paths' | 'log'>,
): Reconciler {
  const { database, archives, clock, log } = world;

  async function purge(server: ServerRow): Promise<string | undefined> {
    const closed = archives.closed(server.id);
    const primary = findPrimary(database, server.id);
    // Whoever makes a standby, or changes roles, says what it needs when it has ended.
    if (!closed || !primary || !findMysqld(world, primary) || findExclusiveOperation(database, server.id)) return;
    const standby = findStandby(database, server.id);
    const holders = [closed.gtids];
    if (standby) {
      if (!findMysqld(world, standby)) return;
      holders.push(GtidSet.parse(await ask(standby, readExecuted)));
    }
    const removed: (string | undefined)[] = [];
    for (const instance of [primary, ...(standby ? [standby] : [])]) {
      const keepFrom = closed.instanceId === instance.id ? closed.file : undefined;
      const { dataDirectory } = instancePaths(mysqlInstance(world, instance));
      removed.push(
        await ask(instance, (connection) =>
          purgeBinlogs(connection, { holders, keepFrom, dataDirectory, now: clock.now() }),
        ),
      );
    }
    const oldest = removed.filter((file) => file !== undefined);
    return oldest.length > 0 ? `removed archived binary logs of ${server.name} before ${oldest.join(', ')}` : undefined;
  }

  async function ask<T>(instance: InstanceRow, work: (connection: Connection) => Promise<T>): Promise<T> {
    const { socket } = instancePaths(mysqlInstance(world, instance));
    const connection = await connect(socket);
    const late = Promise.withResolvers<never>();
    const patience = setTimeout(() => late.reject(new Error('The server does not answer.')), ANSWER_MS);
    try {
      return await Promise.race([work(connection), late.promise]);
    } finally {
      clearTimeout(patience);
      connection.destroy();
    }
  }

  return {
    name: 'binary-logs',
    everyMs: EVERY_MS,
    async tick() {
      const stories: string[] = [];
      for (const server of listServers(database)) {
        if (server.state !== 'Ready') continue;
        try {
          const story = await purge(server);
          if (story) stories.push(story);
        } catch (failure) {
          log.warn({ err: failure, server: server.id }, 'binary logs were not removed');
        }
      }
      return stories.join('; ') || undefined;
    },
  };
}
