import type { BackupStorage } from '../arm/local/backup-storage.ts';
import type { ScheduleResource } from '../arm/local/schedule.ts';
import { serverId, serverKeyOf } from '../arm/resource-id.ts';
import type { FleetServer } from './fleet.ts';
import { scheduledWeek, type Schedule } from './schedules.ts';
import { overagePerMonth } from './prices.ts';
import { estimateOfServer } from './server-estimate.ts';
import { findSku } from './skus.ts';

/** Dollars a month by list price. */
export interface FleetCost {
  /** With what schedules save taken off. */
  total: number;
  byTier: Map<string, number>;
  /** Of compute, against running all the time. */
  saved: number;
  /** How many servers are scheduled to save something. */
  scheduled: number;
  /** Of the total, what backups take beyond the size of their server's storage. */
  backups: number;
}

/**
 * What servers cost as they are; those with schedules as these make their weeks.
 *
 * @param backups what the backups of each take, where the cloud tells.
 */
export function fleetCost(
  servers: readonly FleetServer[],
  schedules: readonly ScheduleResource[],
  now: number,
  backups: readonly BackupStorage[] = [],
): FleetCost {
  const ofServer = new Map<string, Schedule[]>();
  for (const { id, properties } of schedules) {
    const key = serverKeyOf(id);
    if (!key || !properties.enabled) continue;
    const at = serverId(key).toLowerCase();
    ofServer.set(at, [...(ofServer.get(at) ?? []), properties]);
  }
  const ofBackups = backupGiBByServer(backups);
  const cost: FleetCost = { total: 0, byTier: new Map(), saved: 0, scheduled: 0, backups: 0 };
  for (const { id, tier, costPerMonth, server } of servers) {
    const saved = savedBy(ofServer.get(id) ?? [], server, now);
    const over = overagePerMonth(ofBackups.get(id) ?? 0, server.properties.storage?.storageSizeGB ?? 0);
    const amount = (saved === undefined ? (costPerMonth ?? 0) : saved.running - saved.saved) + over;
    cost.backups += over;
    cost.total += amount;
    cost.byTier.set(tier, (cost.byTier.get(tier) ?? 0) + amount);
    if (saved === undefined || saved.saved <= 0) continue;
    cost.saved += saved.saved;
    cost.scheduled += 1;
  }
  return cost;
}

/** GiB by the server's id in lower case. */
export function backupGiBByServer(backups: readonly BackupStorage[]): Map<string, number> {
  return new Map(
    backups.flatMap(({ id, properties }) => {
      const key = serverKeyOf(id);
      return key ? [[serverId(key).toLowerCase(), properties.usedBytes / 1024 ** 3] as const] : [];
    }),
  );
}

function savedBy(schedules: readonly Schedule[], server: FleetServer['server'], now: number) {
  const sku = findSku(server.sku?.name ?? '');
  if (schedules.length === 0 || !sku) return undefined;
  // Stopped by its schedule, perhaps: what it saves is counted over a week, not at this moment.
  const running = estimateOfServer({ ...server, properties: { ...server.properties, state: 'Ready' } });
  if (!running) return undefined;
  const standby = (server.properties.highAvailability?.mode ?? 'Disabled') !== 'Disabled';
  return { running: running.total, saved: scheduledWeek({ sku, standby }, schedules, now).savedPerMonth };
}
