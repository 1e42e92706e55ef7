import { setTimeout as delay } from 'node:timers/promises';
import { rehearsalNames, removeRehearsal } from '../mysql/rehearsal.ts';
import { readFailoverRehearsal, setRehearsalTraces } from '../store/failover-rehearsals.ts';
import { findPrimary } from '../store/instances.ts';
import { readServer } from '../store/servers.ts';
import { findMysqld } from './mysqld.ts';
import { withInstance } from './server-steps.ts';
import type { World } from './world.ts';

/** Longer than a failover or a restart takes: the server may be in the middle of one. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 250;

/**
 * Nothing of the rehearsal is on its server any more. What cannot be removed now, from a server that is stopped, stays
 * written down: the rehearsals reconciler removes it once the server runs.
 */
export async function removeTraces(world: World, id: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    try {
      if (await removeTracesOnce(world, id)) return;
    } catch (failure) {
      world.log.warn({ err: failure, rehearsal: id }, 'what a rehearsal left could not be removed yet');
    }
    if (Date.now() > end) return;
    await delay(AGAIN_MS);
  }
}

/** @returns whether nothing of it is left. @throws mysql2's error. */
export async function removeTracesOnce(world: World, id: string): Promise<boolean> {
  const { database, fronts } = world;
  const { hasTraces, serverId } = readFailoverRehearsal(database, id);
  if (!hasTraces) return true;
  const server = readServer(database, serverId);
  const primary = findPrimary(database, serverId);
  if (server.deletedAt === null && primary) {
    // Not while it changes sides: what is read-only cannot be cleaned.
    if (server.haState === 'FailingOver' || !findMysqld(world, primary)) return false;
    await withInstance(world, primary, (connection) => removeRehearsal(connection, rehearsalNames(id)));
  }
  setRehearsalTraces(database, id, false);
  await fronts.push();
  return true;
}
