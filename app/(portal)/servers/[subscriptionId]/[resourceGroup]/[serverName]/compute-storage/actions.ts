'use server';

import type { ScheduleForPut } from '@/lib/arm/local/schedule';
import type { ServerForUpdate } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { deleteSchedule, putAutoStart, putSchedule } from '@/lib/azure/schedules';
import { beginUpdateServer } from '@/lib/azure/server-commands';

/** Changes tier, size, storage, IOPS or retention; what `change` does not name stays. */
export async function resizeServer(token: string, key: ServerKey, change: ServerForUpdate) {
  return armAction(token, (arm) => {
    const { sku, properties } = change;
    const { storage, backup } = properties ?? {};
    return beginUpdateServer(arm, key, { sku, properties: { storage, backup } });
  });
}

/** Starts, stops or scales a server by the clock. */
export async function scheduleServer(token: string, key: ServerKey, name: string, schedule: ScheduleForPut) {
  return armAction(token, (arm) => putSchedule(arm, key, name, schedule));
}

export async function unscheduleServer(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => deleteSchedule(arm, key, name));
}

/** After how many days a stopped server starts by itself. */
export async function setAutoStart(token: string, key: ServerKey, afterDays: number) {
  return armAction(token, (arm) => putAutoStart(arm, key, afterDays));
}
