'use server';

import type { ServerForUpdate } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginReschedule } from '@/lib/azure/maintenances';
import { beginUpdateServer } from '@/lib/azure/server-commands';
import { beginCheckUpgrade, beginUpgradeServer } from '@/lib/azure/upgrades';

type Window = NonNullable<NonNullable<ServerForUpdate['properties']>['maintenanceWindow']>;

/** ARM takes a maintenance window alone, with nothing else in the update. */
export async function setMaintenanceWindow(token: string, key: ServerKey, maintenanceWindow: Window) {
  return armAction(token, (arm) => beginUpdateServer(arm, key, { properties: { maintenanceWindow } }));
}

type Policy = NonNullable<NonNullable<ServerForUpdate['properties']>['maintenancePolicy']>;

export async function setMaintenancePolicy(token: string, key: ServerKey, maintenancePolicy: Policy) {
  return armAction(token, (arm) => beginUpdateServer(arm, key, { properties: { maintenancePolicy } }));
}

export async function rescheduleMaintenance(token: string, key: ServerKey, name: string, startTime: string) {
  return armAction(token, (arm) => beginReschedule(arm, key, name, startTime));
}

export async function checkUpgrade(token: string, key: ServerKey, request: { version: string; rehearse: boolean }) {
  return armAction(token, (arm) => beginCheckUpgrade(arm, key, request));
}

export async function upgradeServer(token: string, key: ServerKey, version: string) {
  return armAction(token, (arm) => beginUpgradeServer(arm, key, version));
}
