import { connect, type Connection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import type { InstanceRow } from '../store/instances.ts';
import type { OperationRow } from '../store/operations.ts';
import type { FailoverContext } from './failover-state.ts';
import { FULL_MS, withInstance } from './server-steps.ts';
import { mysqlInstance } from './world.ts';

/** By the run of an operation, then by instance. A run after a death of the daemon has none: its steps open their own. */
const kept = new WeakMap<OperationRow, Map<string, Connection>>();

/**
 * Opens a connection for the steps to come, before clients begin to wait for these: each handshake would be added to
 * what they wait. {@link closeConnections} ends it.
 *
 * @throws mysql2's error when the instance cannot be reached.
 */
export async function keepConnection({ world, operation }: FailoverContext, side: InstanceRow): Promise<void> {
  const connections = kept.get(operation) ?? new Map<string, Connection>();
  kept.set(operation, connections);
  if (connections.has(side.id)) return;
  const connection = await connect(instancePaths(mysqlInstance(world, side)).socket, { patienceMs: FULL_MS });
  connections.set(side.id, connection);
  // Who comes later, perhaps to a mysqld that was started again meanwhile, opens another.
  const forget = () => {
    if (connections.get(side.id) === connection) connections.delete(side.id);
  };
  connection.on('error', forget);
  connection.on('end', forget);
}

/** Works on that side, by the connection that is kept to it where there is one. */
export function withSide<T>(
  { world, operation }: FailoverContext,
  side: InstanceRow,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = kept.get(operation)?.get(side.id);
  return connection ? work(connection) : withInstance(world, side, work);
}

/** An idle session would hold up a mysqld's clean stop. @param side that one's alone. */
export function closeConnections({ operation }: Pick<FailoverContext, 'operation'>, side?: InstanceRow): void {
  const connections = kept.get(operation);
  for (const [id, connection] of connections ?? []) {
    if (side && side.id !== id) continue;
    connections!.delete(id);
    connection.destroy();
  }
}
