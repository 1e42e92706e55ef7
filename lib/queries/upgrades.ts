import type { Upgrade, UpgradeCheck } from '../arm/local/upgrade.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function upgradeChecksQuery(key: ServerKey) {
  return readQuery<UpgradeCheck[]>(apiPaths.upgradeChecks(key));
}

export function upgradesQuery(key: ServerKey) {
  return readQuery<Upgrade[]>(apiPaths.upgrades(key));
}
