import type { ServerConfiguration } from '../mysql/configurations.ts';
import { mysqldOptions } from '../mysql/options.ts';
import { readPrimary } from '../store/instances.ts';
import type { ServerRow } from '../store/servers.ts';
import { mysqlInstance, runtimeOf, sizeOf, type World } from './world.ts';

/** What a server's parameters are read against: its runtime, its size and what a person set. */
export function serverConfiguration(world: World, server: ServerRow): ServerConfiguration {
  const primary = readPrimary(world.database, server.id);
  const size = sizeOf(server.intent);
  return {
    runtime: runtimeOf(world, primary.runtimeId),
    size,
    defaults: mysqldOptions(mysqlInstance(world, primary), size, {}, world.machine),
    overrides: server.overrides,
  };
}
