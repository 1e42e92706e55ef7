import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import type { Maintenance } from '../arm/mysql/maintenance.ts';
import type { Server } from '../arm/mysql/server.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import { azServer } from './az-command.ts';
import type { ChangeDescription } from './change-description.ts';
import { WEEKDAYS } from './schedules.ts';

/** When the service may maintain a server: at nights of its choice, or in an hour of one's own, in UTC. */
export interface WindowChoice {
  isCustom: boolean;
  /** 0 is Sunday. */
  dayOfWeek: number;
  startHour: number;
  startMinute: number;
  batch: Batch;
}

/** Of servers with windows of their own, which come first; `Default` is the service's to decide. */
export const BATCHES = ['Default', 'Batch1', 'Batch2'] as const;
export type Batch = (typeof BATCHES)[number];

const BATCH_WORDS: Record<Batch, string> = {
  Default: '',
  Batch1: ', in the first batch',
  Batch2: ', in the second batch',
};

export function windowOfServer({ properties: { maintenanceWindow: window } }: Server): WindowChoice {
  return {
    isCustom: window?.customWindow === 'Enabled',
    dayOfWeek: window?.dayOfWeek ?? 0,
    startHour: window?.startHour ?? 0,
    startMinute: window?.startMinute ?? 0,
    batch: BATCHES.find((batch) => batch === window?.batchOfMaintenance) ?? 'Default',
  };
}

export function clock(hour: number, minute: number): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `Sundays from 02:00 to 03:00 UTC`. */
export function windowWords({ isCustom, dayOfWeek, startHour, startMinute, batch }: WindowChoice): string {
  if (!isCustom) return 'chosen by the service, at night where the server is';
  const [from, to] = [clock(startHour, startMinute), clock((startHour + 1) % 24, startMinute)];
  return `${WEEKDAYS[dayOfWeek]}s from ${from} to ${to} UTC${BATCH_WORDS[batch]}`;
}

/** What ARM is sent: a window of one's own is all of it, none is nothing else. */
export function windowBody({ isCustom, dayOfWeek, startHour, startMinute, batch }: WindowChoice) {
  return isCustom
    ? { customWindow: 'Enabled' as const, dayOfWeek, startHour, startMinute, batchOfMaintenance: batch }
    : { customWindow: 'Disabled' as const, batchOfMaintenance: 'Default' as const };
}

/** Undefined when nothing changes. */
export function describeWindow(key: ServerKey, now: WindowChoice, wanted: WindowChoice): ChangeDescription | undefined {
  const [from, to] = [windowWords(now), windowWords(wanted)];
  if (from === to) return undefined;
  const day = WEEKDAYS[wanted.dayOfWeek]!.slice(0, 3);
  const window = wanted.isCustom ? `'${day}:${wanted.startHour}:${wanted.startMinute}'` : 'Disabled';
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'PATCH',
    body: { properties: { maintenanceWindow: windowBody(wanted) } },
    azCommand:
      now.batch === wanted.batch
        ? azServer(key, 'update', [`--maintenance-window ${window}`])
        : // The command knows no batches.
          azPatch(key, { properties: { maintenanceWindow: windowBody(wanted) } }),
    changes: [{ label: 'Maintenance window', from, to }],
  };
}

function azPatch(key: ServerKey, body: object): string {
  const url = `${serverId(key)}?api-version=${MYSQL_API_VERSION}`;
  return `az rest --method patch \\\n  --url '${url}' \\\n  --body '${JSON.stringify(body)}'`;
}

/** Whether a server has builds before all others, so that a bad one is found on it. */
export function isCanary({ properties }: Server): boolean {
  return properties.maintenancePolicy?.patchStrategy === 'VirtualCanary';
}

export function canaryBody(canary: boolean) {
  return { patchStrategy: canary ? ('VirtualCanary' as const) : ('Regular' as const) };
}

export function describeCanary(key: ServerKey, canary: boolean): ChangeDescription {
  const words = (is: boolean) => (is ? 'Virtual canary: before all others' : 'Regular');
  const body = { properties: { maintenancePolicy: canaryBody(canary) } };
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'PATCH',
    body,
    azCommand: azServer(key, 'update', [
      `--maintenance-policy-patch-strategy ${body.properties.maintenancePolicy.patchStrategy}`,
    ]),
    changes: [{ label: 'Patch strategy', from: words(!canary), to: words(canary) }],
  };
}

/** @param startTime ISO 8601. @param isNow it begins as soon as it is sent. */
export function describeReschedule(
  key: ServerKey,
  { name, properties }: Maintenance,
  startTime: string,
  isNow: boolean,
): ChangeDescription {
  return {
    resourceId: `${serverId(key)}/maintenances/${name}`,
    apiVersion: MYSQL_API_VERSION,
    method: 'PATCH',
    body: { properties: { maintenanceStartTime: startTime } },
    azCommand: azServer(
      key,
      'maintenance reschedule',
      [`--maintenance-name ${name}`, `--start-time ${startTime}`],
      '--server-name',
    ),
    changes: [
      {
        label: 'Begins',
        from: minuteWords(properties.maintenanceStartTime),
        to: isNow ? 'now' : minuteWords(startTime),
      },
    ],
    ...(isNow && {
      restarts:
        'The server restarts with its new build. Every session ends; with high availability clients wait for a planned failover only. There is no way back to the older build.',
    }),
  };
}

/** `2026-12-01 02:00 UTC`; null where there is none. */
function minuteWords(time: string | null | undefined): string | null {
  const at = new Date(time ?? '');
  return Number.isNaN(at.getTime()) ? null : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** True while it can still be put to another time. */
export function isAhead({ properties: { maintenanceState: state } }: Maintenance): boolean {
  return state === 'Scheduled' || state === 'ReScheduled';
}

/** The next one that begins within `withinMs`; undefined when none does. */
export function nextMaintenance(
  maintenances: readonly Maintenance[],
  now: Date,
  withinMs: number,
): Maintenance | undefined {
  const begins = ({ properties }: Maintenance) => Date.parse(properties.maintenanceStartTime ?? '');
  return maintenances
    .filter((one) => isAhead(one) && begins(one) <= now.getTime() + withinMs)
    .toSorted((one, other) => begins(one) - begins(other))[0];
}

/** What is wrong with a time, as the service has it; undefined when nothing is. @param startTime ISO 8601, or empty. */
export function startTimeProblem({ properties }: Maintenance, startTime: string): string | undefined {
  const at = Date.parse(startTime);
  if (Number.isNaN(at)) return 'Choose a date and a time.';
  const { maintenanceAvailableScheduleMinTime: min, maintenanceAvailableScheduleMaxTime: max } = properties;
  if (min && at < Date.parse(min)) return 'This is before it was announced.';
  if (max && at > Date.parse(max)) return `It can’t be put off beyond ${new Date(max).toUTCString()}.`;
  return undefined;
}
