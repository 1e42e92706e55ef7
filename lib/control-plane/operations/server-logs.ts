import { join } from 'node:path';
import { listLogFiles, type LogFile, type LogPlace } from '../logs/log-files.ts';
import { instancePaths } from '../mysql/instance.ts';
import { listInstances, type InstanceRow } from '../store/instances.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { mysqlInstance, type World } from './world.ts';

/** Where a server's logs lie. @param instances whose logs count; the primary is to be the last. */
export function logPlace(
  world: Pick<World, 'paths'>,
  { id, name }: { id: string; name: string },
  instances: readonly InstanceRow[],
): LogPlace {
  const isOneOfTwo = instances.some(({ role }) => role === 'standby');
  return {
    serverName: name,
    folder: world.paths.serverLogsFolder(id),
    active: [
      { kind: 'connectionlog', path: connectionLogPath(world, id) } as const,
      ...primaryLast(instances).flatMap((instance) => {
        const { errorLog, slowLog } = instancePaths(mysqlInstance(world, instance));
        const { zone, role } = instance;
        const whose = isOneOfTwo ? { writer: { zone, role } } : {};
        return [
          { kind: 'errorlog', path: errorLog, ...whose } as const,
          { kind: 'slowlog', path: slowLog, ...whose } as const,
        ];
      }),
    ],
  };
}

function primaryLast(instances: readonly InstanceRow[]): InstanceRow[] {
  return instances.toSorted((one, other) => Number(one.role === 'primary') - Number(other.role === 'primary'));
}

/** What the daemon writes who connected to; rotated as mysqld's own logs are. */
export function connectionLogPath({ paths }: Pick<World, 'paths'>, serverId: string): string {
  return join(paths.serverLogsFolder(serverId), 'connections.log');
}

/** Azure's parameter for its audit log; of what that has, connections can be had here. */
export function isConnectionLogOn({ overrides }: Pick<ServerRow, 'overrides'>): boolean {
  return overrides['audit_log_enabled']?.toUpperCase() === 'ON';
}

/** Every log file of a server; error logs only while the parameter `error_server_log_file` is ON, as in Azure. */
export async function serverLogFiles(
  world: Pick<World, 'database' | 'paths'>,
  server: Pick<ServerRow, 'id' | 'name' | 'overrides'>,
): Promise<LogFile[]> {
  const files = await listLogFiles(logPlace(world, server, listInstances(world.database, server.id)));
  return files.filter(({ kind }) => kind !== 'errorlog' || isErrorLogShown(server));
}

export function isErrorLogShown({ overrides }: Pick<ServerRow, 'overrides'>): boolean {
  return overrides['error_server_log_file']?.toUpperCase() === 'ON';
}

/** One log file by its name in the list. */
export async function findLogFile(
  world: Pick<World, 'database' | 'paths'>,
  serverId: string,
  name: string,
): Promise<LogFile | undefined> {
  const server = listServers(world.database).find(({ id }) => id === serverId);
  if (!server) return undefined;
  return (await serverLogFiles(world, server)).find((file) => file.name === name);
}
