import { setImmediate as breathe } from 'node:timers/promises';
import { findSku } from '../../rules/skus.ts';
import { includedIops } from '../../rules/storage.ts';
import type { GatewayCounters, SampledServer } from '../metrics/sampler.ts';
import { capacity } from '../metrics/sources/process.ts';
import { isAlive } from '../mysql/adoption.ts';
import { instancePaths } from '../mysql/instance.ts';
import type { GatewayLink } from '../operations/gateway-link.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { findNewestVerification } from '../store/backup-verifications.ts';
import { sumBackupBytes } from '../store/full-backups.ts';
import { findPrimary, findStandby } from '../store/instances.ts';
import { packNextHour, pruneSamples, SAMPLES_KEPT_MS } from '../store/samples.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** Four looks a minute: enough to see a minute's peak. The fourth falls on its end. */
const MARK_MS = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** An hour is packed once its last minute has surely been kept. */
const PACK_AFTER_MS = 5 * MINUTE;
const GIB = 1024 ** 3;
/** A gateway that hangs holds up no look: with this and what a server may take, minutes are kept before rules are looked at. */
const GATEWAY_MS = 1_000;

type Needs = Pick<World, 'database' | 'metering' | 'clock' | 'machine' | 'paths'>;

/** Measures every running server four times a minute, on the clock's quarters, and sees to what was kept. */
export function metricsReconciler(world: Needs, link: Pick<GatewayLink, 'client'>): Reconciler {
  const { clock } = world;
  const { samples, sampler } = world.metering;
  let lastMark: number | undefined;
  let lastPruned: number | undefined;

  async function prune(now: number): Promise<string | undefined> {
    while (packNextHour(samples, now - PACK_AFTER_MS)) await breathe();
    if (lastPruned !== undefined && Math.abs(now - lastPruned) < HOUR) return undefined;
    lastPruned = now;
    const forgotten = pruneSamples(samples, now - SAMPLES_KEPT_MS);
    return forgotten > 0 ? `forgot ${forgotten} hours of metrics older than 30 days` : undefined;
  }

  return {
    name: 'metrics',
    everyMs: () => MARK_MS - (clock.now() % MARK_MS),
    async tick() {
      const now = clock.now();
      const mark = now - (now % MARK_MS);
      // Whatever happens wakes every loop; the clock alone is what this one follows.
      if (mark === lastMark) return undefined;
      lastMark = mark;
      const servers = listServers(world.database).flatMap((server) => sampledServer(world, server) ?? []);
      const gateway = servers.length > 0 ? await gatewayCounters(link, GATEWAY_MS) : undefined;
      await sampler.look(servers, gateway, mark);
      return prune(now);
    },
  };
}

/** Undefined while its mysqld does not run, or is not known to. */
function sampledServer(world: Needs, { id, intent, port }: ServerRow): SampledServer | undefined {
  const primary = findPrimary(world.database, id);
  const standby = findStandby(world.database, id);
  const size = findSku(intent.sku.name);
  if (port === null || !primary?.process || primary.desired !== 'running' || !size || !isAlive(primary.process))
    return undefined;
  const { socket, dataDirectory, errorLog, slowLog } = instancePaths(mysqlInstance(world, primary));
  const { storageSizeGB, iops } = intent.properties.storage;
  return {
    id,
    process: primary.process,
    port,
    socket,
    standbySocket: standby && instancePaths(mysqlInstance(world, standby)).socket,
    dataDirectory,
    serverLogs: [errorLog, slowLog],
    rotatedLogsFolder: world.paths.serverLogsFolder(id),
    ...capacity(size, world.machine),
    iops: typeof iops === 'number' ? iops : includedIops(storageSizeGB, size),
    storageBytes: storageSizeGB * GIB,
    known: backupLevels(world.database, id),
  };
}

/** Whether the newest test restore failed is not known before there was one. */
function backupLevels(database: World['database'], serverId: string): Map<string, number> {
  const verification = findNewestVerification(database, serverId);
  return new Map([
    ['backup_storage_used', sumBackupBytes(database, serverId)],
    ...(verification ? [['backup_verification_failed', verification.status === 'Failed' ? 1 : 0] as const] : []),
  ]);
}

/** Undefined when the gateway does not answer in time: its metrics have a gap then. */
export async function gatewayCounters(
  link: Pick<GatewayLink, 'client'>,
  timeoutMs: number,
): Promise<GatewayCounters | undefined> {
  const asked = (async () => {
    const client = await link.client();
    return { life: `${client.hello.pid}/${client.hello.startedAt}`, fronts: await client.counters() };
  })();
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, timeoutMs, undefined).unref());
  return Promise.race([asked, late]).catch(() => undefined);
}
