import { findStandby, type InstanceRow } from '../store/instances.ts';
import type { ServerIntent } from '../store/servers.ts';
import type { OperationContext } from './definition.ts';
import { serverIdOf } from './server-steps.ts';
import type { World } from './world.ts';

interface HighAvailabilityIntent {
  mode: string;
  standbyAvailabilityZone?: string;
}

export function haIntent(intent: ServerIntent): HighAvailabilityIntent {
  return (intent.properties.highAvailability as HighAvailabilityIntent | undefined) ?? { mode: 'Disabled' };
}

export function wantsStandby(intent: ServerIntent): boolean {
  return haIntent(intent).mode !== 'Disabled';
}

/** @throws {Error} when the server has none. */
export function standbyOf(context: Pick<OperationContext<World>, 'operation' | 'world'>): InstanceRow {
  const standby = findStandby(context.world.database, serverIdOf(context));
  if (!standby) throw new Error('The server has no standby.');
  return standby;
}
