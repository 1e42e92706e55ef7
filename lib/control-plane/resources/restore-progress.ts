import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import { momentTextOrNull } from '../backup/moment.ts';
import { findOperation } from '../store/operations.ts';
import { findRestoreOf } from '../store/restores.ts';
import type { ServerRow } from '../store/servers.ts';
import { localRoute, localShell } from './local-route.ts';
import { childNotFound } from './refusals.ts';
import type { Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';

/** A server that is being made from the backups of another: how far it is; or to be no more of it. */
export function restoreProgressRoutes(resources: Resources): ArmRoute[] {
  const { engine, world } = resources.control;
  const { database } = world;
  return [
    localRoute(
      resources,
      {
        method: 'GET',
        name: 'restoreProgress',
        operationId: 'RestoreProgress_Get',
        permission: 'restoreProgress/read',
      },
      (_, server) => ({
        status: 200,
        body: { ...localShell(server, 'restoreProgress'), properties: progress(resources, server) },
      }),
    ),
    localRoute(
      resources,
      { method: 'POST', name: 'cancelRestore', operationId: 'Restore_Cancel', permission: 'cancelRestore/action' },
      async (_, server) => {
        const { id } = restoreOperation(resources, server);
        if (findOperation(database, id)?.status === 'InProgress') {
          engine.cancel(id, 'The restore was canceled.');
          const { status, error } = await engine.ended(id);
          if (status === 'Canceled' && !error?.details) return { status: 200, body: undefined };
          // Its end was faster; or not all of it could be taken away.
          if (error) throw new ArmError(error.code, 500, error.message, error);
        }
        throw new ArmError('RestoreHasEnded', 409, 'The restore has ended. Delete the server if you do not need it.', {
          target: serverResourceId(server),
        });
      },
    ),
  ];
}

function restoreOperation({ control }: Resources, server: ServerRow) {
  const { database } = control.world;
  const found = findRestoreOf(database, server.id);
  const operation = found && findOperation(database, found.operationId);
  if (!operation) throw childNotFound(`${FLEXDECK_LOCAL}/restoreProgress`, server.name);
  return operation;
}

function progress(resources: Resources, server: ServerRow) {
  const { database, clock } = resources.control.world;
  const operation = restoreOperation(resources, server);
  const { restore } = findRestoreOf(database, server.id)!;
  const { bytesDone, bytesTotal, transactionsDone, transactionsTotal, notes, plan, asked } = restore;
  const { status, stage, startedAt, endedAt } = operation;
  const share =
    bytesTotal === 0
      ? 0
      : 0.5 * (bytesDone / bytesTotal) + (transactionsTotal === 0 ? 0 : 0.5 * (transactionsDone / transactionsTotal));
  const spent = (clock.now() - startedAt) / 1000;
  return {
    sourceServerResourceId: restore.sourceResourceId,
    restorePointInTime: momentTextOrNull(plan?.moment ?? asked),
    status,
    stage,
    bytesDone,
    bytesTotal,
    transactionsDone,
    transactionsTotal,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    estimatedSecondsLeft: status !== 'InProgress' || share < 0.05 ? null : Math.ceil(spent / share - spent),
    note: notes.length > 0 ? notes.join(' ') : null,
  };
}
