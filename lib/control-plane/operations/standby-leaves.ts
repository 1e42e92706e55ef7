import { recordHaEvent } from '../ha/transition.ts';
import { keepLogs } from '../logs/log-files.ts';
import { removeInstance } from '../mysql/data-directory.ts';
import { setAcknowledgement } from '../mysql/replication.ts';
import { transaction } from '../store/database.ts';
import { deleteInstance, findStandby, setRestarts } from '../store/instances.ts';
import type { OperationContext } from './definition.ts';
import { ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { logPlace } from './server-logs.ts';
import { primaryOf, serverIdOf, serverOf, withServer, type ServerStep } from './server-steps.ts';
import { standbyOf } from './standby-state.ts';
import { mysqlInstance, type World } from './world.ts';

type Context = OperationContext<World>;

/** Writers do not wait for it any more, and it stops; the high availability reconciler brings it back. */
export async function letStandbyGo(context: Pick<Context, 'operation' | 'world'>, reason: string): Promise<void> {
  const { world } = context;
  const { database, clock } = world;
  const { id, haState } = serverOf(context);
  if (haState === 'Healthy') recordHaEvent(database, id, { when: 'StandbyLost', reason, at: clock.now() });
  await withServer(context, (connection) => setAcknowledgement(connection, 'OFF'));
  await ensureMysqldStopped(world, standbyOf(context), 'clean');
}

/** The standby stops with its server; both are complete. */
export const standbyRests: ServerStep = {
  name: 'standbyRests',
  stage: 'Stopping the standby',
  needed: (context) => findStandby(context.world.database, serverIdOf(context)) !== undefined,
  async ensure(context) {
    const { world } = context;
    const { database, clock } = world;
    const { id, haState } = serverOf(context);
    if (haState !== 'Resting') recordHaEvent(database, id, { when: 'ServerStopped', reason: null, at: clock.now() });
    if (findMysqld(world, primaryOf(context))) {
      await withServer(context, (connection) => setAcknowledgement(connection, 'OFF'));
    }
    await ensureMysqldStopped(world, standbyOf(context), 'clean');
  },
  undo: wakeStandby,
};

/** In the transaction that ends a start: the high availability reconciler sees to the rest. */
export function wakeStandby(context: Pick<Context, 'operation' | 'world'>): void {
  const { database, clock } = context.world;
  const { id, haState } = serverOf(context);
  if (haState !== 'Resting') return;
  const reason = 'The server was started: its standby is joining again.';
  recordHaEvent(database, id, { when: 'ServerStarted', reason, at: clock.now() });
  const standby = findStandby(database, id);
  if (standby) setRestarts(database, standby.id, []);
}

export const standbyRemoved: ServerStep = {
  name: 'standbyRemoved',
  stage: 'Removing the standby',
  ensure: removeStandby,
};

/** No standby, nobody waits for one, and nothing of it is left on disk. */
export async function removeStandby(context: Pick<Context, 'operation' | 'world'>): Promise<void> {
  const { world } = context;
  const { database, clock } = world;
  const server = serverOf(context);
  if (server.haState === 'CreatingStandby' || server.haState === 'Healthy') {
    const reason = 'The standby is being removed.';
    recordHaEvent(database, server.id, { when: 'StandbyUnwanted', reason, at: clock.now() });
  }
  if (findMysqld(world, primaryOf(context))) {
    await withServer(context, (connection) => setAcknowledgement(connection, 'OFF'));
  }
  await removeStandbyInstance(context);
  transaction(database, () => {
    if (serverOf(context).haState === 'RemovingStandby') {
      recordHaEvent(database, server.id, { when: 'StandbyRemoved', reason: null, at: clock.now() });
    }
  });
  await world.fronts.push();
}

export async function removeStandbyInstance(context: Pick<Context, 'operation' | 'world'>): Promise<void> {
  const { world } = context;
  const standby = findStandby(world.database, serverIdOf(context));
  if (!standby) return;
  await ensureMysqldStopped(world, standby, 'kill');
  await keepLogs(logPlace(world, serverOf(context), [standby]));
  await removeInstance(mysqlInstance(world, standby));
  deleteInstance(world.database, standby.id);
}
