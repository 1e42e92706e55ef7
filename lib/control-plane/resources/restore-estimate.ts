import * as z from 'zod';
import type { RestoreEstimate } from '../../arm/local/backup.ts';
import { momentText } from '../backup/moment.ts';
import type { ServerRow } from '../store/servers.ts';
import { localRoute } from './local-route.ts';
import { parseBody } from './parse-body.ts';
import type { Resources } from './resources.ts';
import { requireMoment, requireRestorable } from './restore.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { intentOf } from './server-shape.ts';

/**
 * Measured with `npm run bench -- backup` on two shared cores: 1.4 GB of files in 3.3 to 12 s, as busy as the disk was;
 * 106 MB of log, 70,750 transactions of eight rows each, in 40 s; short transactions of a row each at 6,900 a second. What a
 * restore takes besides is mostly two starts of mysqld and an end.
 */
const UNPACK_BYTES_PER_SECOND = 250e6;
const REPLAY_TRANSACTIONS_PER_SECOND = 6900;
const REPLAY_BYTES_PER_SECOND = 2.65e6;
const BESIDES_SECONDS = 5;

const EstimateRequest = z.strictObject({
  restorePointInTime: z.string().nullish(),
  geo: z.boolean().nullish(),
});

/** What a restore to a moment would read and replay, and about how long it would take. */
export function restoreEstimateRoutes(resources: Resources): ArmRoute[] {
  return [
    localRoute(
      resources,
      {
        method: 'POST',
        name: 'restoreEstimate',
        operationId: 'RestoreEstimate_Get',
        permission: 'restoreEstimate/action',
      },
      (request, server) => ({ status: 200, body: estimate(resources, request, server) }),
    ),
  ];
}

function estimate(resources: Resources, request: ArmRequest, server: ServerRow): RestoreEstimate {
  const { restorePointInTime, geo } = parseBody(EstimateRequest, request.body ?? {});
  const asked = requireMoment(restorePointInTime, resources.control.world.clock.now());
  const { fullBackup, segments, moment } = requireRestorable(resources, server, { moment: asked, geo: geo ?? false });
  const open = geo ? undefined : resources.control.world.archives.status(server.id)?.open;
  const inOpen = open?.firstMoment && open.firstMoment <= moment ? open : undefined;
  const bytesToReplay = segments.reduce((sum, { plainBytes }) => sum + plainBytes, inOpen?.plainBytes ?? 0);
  const transactionsToReplay = segments.reduce(
    (sum, { transactions }) => sum + transactions,
    inOpen?.transactions ?? 0,
  );
  const seconds =
    BESIDES_SECONDS +
    fullBackup.dataBytes / UNPACK_BYTES_PER_SECOND +
    Math.max(transactionsToReplay / REPLAY_TRANSACTIONS_PER_SECOND, bytesToReplay / REPLAY_BYTES_PER_SECOND);
  return {
    restorePointInTime: momentText(moment),
    fullBackup: { name: fullBackup.name, restorePoint: momentText(fullBackup.moment!) },
    bytesToUnpack: fullBackup.dataBytes,
    bytesToReplay,
    transactionsToReplay,
    estimatedSeconds: Math.ceil(seconds),
    minimumStorageGB: intentOf(server).properties.storage.storageSizeGB,
  };
}
