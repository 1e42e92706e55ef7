import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { Upgrade, UpgradeCheck } from '../arm/local/upgrade.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { beginUpdateServer } from './server-commands.ts';
import { serverPath } from './servers.ts';

const localPath = (key: ServerKey, rest: string) => `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/${rest}`;

/** What was found when upgrades were checked, newest first. @throws {ArmError} */
export function listUpgradeChecks(arm: ArmClient, key: ServerKey): Promise<UpgradeCheck[]> {
  return arm.list(localPath(key, 'upgradeChecks'), FLEXDECK_LOCAL_VERSION, UpgradeCheck);
}

/** Upgrades to another series, newest first. @throws {ArmError} */
export function listUpgrades(arm: ArmClient, key: ServerKey): Promise<Upgrade[]> {
  return arm.list(localPath(key, 'upgrades'), FLEXDECK_LOCAL_VERSION, Upgrade);
}

/** Looks at what stands against an upgrade. @throws {ArmError} */
export function beginCheckUpgrade(
  arm: ArmClient,
  key: ServerKey,
  request: { version: string; rehearse: boolean },
): Promise<Begun> {
  return arm.begin('POST', localPath(key, 'checkUpgrade'), FLEXDECK_LOCAL_VERSION, request);
}

/** @param version the series to go to. @throws {ArmError} */
export function beginUpgradeServer(arm: ArmClient, key: ServerKey, version: string): Promise<Begun> {
  return beginUpdateServer(arm, key, { properties: { version } });
}
