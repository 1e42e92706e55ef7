import { recordHaEvent } from '../ha/transition.ts';
import { insertFailover, type FailoverRow } from '../store/failovers.ts';
import { listInstances, type InstanceRow } from '../store/instances.ts';
import type { OperationRow } from '../store/operations.ts';
import type { OperationContext } from './definition.ts';
import type { World } from './world.ts';

export interface FailoverInput {
  kind: FailoverRow['kind'];
  /** A sentence for people. */
  reason: string;
  /** The ids of the instances that change places. */
  from: string;
  to: string;
  /** Since when the old primary has taken no writes, where that is known. */
  writesStoppedAt?: number;
  /** How long a forced one may keep writes waiting; it is called off when the standby needs longer. */
  maxSeconds?: number;
  /**
   * The standby was not to take over, since writes went on without it, and the primary cannot be started any more: first
   * the standby reads what is missing from the dead one's binary log.
   */
  readsBinaryLog?: true;
}

export type FailoverContext = OperationContext<World, FailoverInput>;

export function isPlanned({ input }: Pick<FailoverContext, 'input'>): boolean {
  return input.kind === 'planned';
}

/** Who is to change places. @throws {Error} when one of the two is gone. */
export function sides({ world, input, operation }: FailoverContext): { from: InstanceRow; to: InstanceRow } {
  const instances = listInstances(world.database, operation.serverId!);
  const find = (id: string) => {
    const found = instances.find((row) => row.id === id);
    if (!found) throw new Error(`Instance ${id} is gone.`);
    return found;
  };
  return { from: find(input.from), to: find(input.to) };
}

export function notHealthy(state: string, reason: string | null): string {
  if (state === 'NotEnabled') return 'The server has no high availability. Enable it first.';
  return `The standby cannot take over yet: high availability is ${state}. ${reason ?? 'Wait until it is Healthy.'}`;
}

/** In the transaction that begins it. */
export function recordFailover(world: World, { id, serverId, input, startedAt }: OperationRow): void {
  const { database } = world;
  const { kind, reason, from, to, writesStoppedAt, readsBinaryLog } = input as FailoverInput;
  const zones = new Map(listInstances(database, serverId!).map((row) => [row.id, row.zone]));
  insertFailover(database, {
    id,
    serverId: serverId!,
    kind,
    reason,
    fromZone: zones.get(from) ?? '',
    toZone: zones.get(to) ?? '',
    startedAt,
    writesStoppedAt: writesStoppedAt ?? null,
  });
  const when = readsBinaryLog ? 'PrimaryGivenUp' : kind === 'automatic' ? 'PrimaryLost' : 'FailoverAsked';
  recordHaEvent(database, serverId!, { when, reason, at: startedAt });
}
