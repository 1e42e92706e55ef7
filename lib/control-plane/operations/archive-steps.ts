import { GtidSet } from '../mysql/gtid-set.ts';
import { readExecuted } from '../mysql/replication.ts';
import { findPrimary } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { findMysqld } from './mysqld.ts';
import { serverIdOf, withServer, type ServerStep } from './server-steps.ts';

const ARCHIVED_MS = 10_000;

/** Whatever was committed is archived before mysqld ends, so that the server can be restored to its last moment. */
export const logArchived: ServerStep = {
  name: 'logArchived',
  stage: 'Archiving the last transactions',
  async ensure(context) {
    const { world, log } = context;
    const { database, archives } = world;
    const serverId = serverIdOf(context);
    const primary = findPrimary(database, serverId);
    if (!primary || !findMysqld(world, primary) || !archives.status(serverId)) return;
    try {
      const executed = await withServer(context, readExecuted);
      const done = await archives.waitFor(serverId, GtidSet.parse(executed), ARCHIVED_MS);
      await archives.measure(serverId);
      if (done) await archives.flush(serverId);
      else log.warn({ server: serverId }, 'the last transactions were not archived in time');
    } catch (failure) {
      // A server that does not answer, or a full store, must not keep anybody from stopping it.
      log.warn({ err: failure, server: serverId }, 'the last transactions could not be archived');
    }
  },
};

/** Nothing reads from the server, or writes beside it, any more. */
export const backupsEnded: ServerStep = {
  name: 'backupsEnded',
  stage: 'Ending backups under way',
  async ensure({ world, engine, operation }) {
    const running = listOperationsInProgress(world.database).filter(
      ({ serverId, kind }) =>
        serverId === operation.serverId && (kind === 'back-up-server' || kind === 'verify-backup'),
    );
    await Promise.all(
      running.map(async ({ id }) => {
        engine.interrupt(id, 'The server is being deleted.');
        await engine.ended(id);
      }),
    );
  },
};
