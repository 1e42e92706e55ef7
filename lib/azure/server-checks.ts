import * as z from 'zod';
import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import type { Aggregation } from '../arm/insights/aggregations.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { CheckFacts, LastHour } from '../arm/insights/check-facts.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { ServerCertificate } from '../arm/local/server-certificate.ts';
import { listAlertRules, unlessUnknown } from './alerts.ts';
import type { ArmClient } from './client.ts';
import { listFirewallRules } from './firewall-rules.ts';
import { readMetrics } from './metrics.ts';
import { getServer, serverPath } from './servers.ts';

const HOUR = 3_600_000;
const Configuration = z.looseObject({ properties: z.looseObject({ value: z.string().nullish() }) });

/** What a server is looked over for. What cannot be read is left unknown; only the server itself must be there. @throws {ArmError} */
export async function readCheckFacts(arm: ArmClient, key: ServerKey, now: Date): Promise<CheckFacts> {
  const [server, firewallRules, maxConnections, lastHour, alertRules, certificate] = await Promise.all([
    getServer(arm, key),
    known(listFirewallRules(arm, key)),
    known(arm.get(`${serverPath(key)}/configurations/max_connections`, MYSQL_API_VERSION, Configuration)),
    known(readLastHour(arm, key, now)),
    known(listAlertRules(arm, key)),
    known(readServerCertificate(arm, key)),
  ]);
  const { properties, sku } = server;
  const limit = Number(maxConnections?.properties.value ?? Number.NaN);
  return {
    state: properties.state ?? 'Unknown',
    stateReason: properties.stateReason,
    tier: sku?.tier ?? '',
    highAvailability: {
      mode: properties.highAvailability?.mode ?? 'Disabled',
      state: properties.highAvailability?.state ?? 'NotEnabled',
    },
    earliestRestoreDate: properties.backup?.earliestRestoreDate,
    isPublic: properties.network?.publicNetworkAccess !== 'Disabled',
    firewallRules: firewallRules?.map(({ properties: { startIpAddress, endIpAddress } }) => ({
      startIpAddress,
      endIpAddress,
    })),
    maxConnections: Number.isFinite(limit) ? limit : undefined,
    lastHour,
    certificate: certificate && certificate.properties,
    alertRules: alertRules?.filter((rule) => rule.properties.enabled).length,
  };
}

/** Null where the cloud does not tell. */
function readServerCertificate(arm: ArmClient, key: ServerKey): Promise<ServerCertificate | null> {
  const path = `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/certificate`;
  return unlessUnknown(arm.get(path, FLEXDECK_LOCAL_VERSION, ServerCertificate));
}

async function readLastHour(arm: ArmClient, key: ServerKey, now: Date): Promise<LastHour> {
  const read = async (aggregation: Aggregation, ...metrics: string[]) => {
    const from = new Date(now.getTime() - HOUR);
    const { series } = await readMetrics(arm, key, { metrics, aggregation, from, to: now, interval: 'FULL' });
    return metrics.map((name) => series.find((one) => one.name === name)?.values[0] ?? null);
  };
  const [[storagePercent, connections], [cpuPercent, memoryPercent], [slowQueries, failedConnections, deadlocks]] =
    await Promise.all([
      read('Maximum', 'storage_percent', 'active_connections'),
      read('Average', 'cpu_percent', 'memory_percent'),
      read('Total', 'Slow_queries', 'aborted_connections', 'lock_deadlocks'),
    ]);
  return {
    storagePercent: storagePercent ?? null,
    connections: connections ?? null,
    cpuPercent: cpuPercent ?? null,
    memoryPercent: memoryPercent ?? null,
    slowQueries: slowQueries ?? null,
    failedConnections: failedConnections ?? null,
    deadlocks: deadlocks ?? null,
  };
}

/** Undefined for what was refused: a stopped server has no parameters to read, and a role may lack a permission. */
function known<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  return reading.catch(() => undefined);
}
