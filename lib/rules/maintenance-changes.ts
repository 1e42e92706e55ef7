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
}

export function windowOfServer({ properties: { maintenanceWindow: window } }: Server): WindowChoice {
  return {
    isCustom: window?.customWindow === 'Enabled',
    dayOfWeek: window?.dayOfWeek ?? 0,
    startHour: window?.startHour ?? 0,
    startMinute: window?.startMinute ?? 0,
  };
}

export function clock(hour: number, minute: number): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `Sundays from 02:00 to 03:00 UTC`. */
export function windowWords({ isCustom, dayOfWeek, startHour, startMinute }: WindowChoice): string {
  if (!isCustom) return 'chosen by the service, at night where the server is';
  return `${WEEKDAYS[dayOfWeek]}s from ${clock(startHour, startMinute)} to ${clock((startHour + 1) % 24, startMinute)} UTC`;
}

/** What ARM is sent: a window of one's own is all of it, none is nothing else. */
export function windowBody({ isCustom, dayOfWeek, startHour, startMinute }: WindowChoice) {
  return isCustom
    ? { customWindow: 'Enabled' as const, dayOfWeek, startHour, startMinute }
    : { customWindow: 'Disabled' as const };
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
    azCommand: azServer(key, 'update', [`--maintenance-window ${window}`]),
    changes: [{ label: 'Maintenance window', from, to }],
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
    changes: [{ label: 'Begins', from: properties.maintenanceStartTime ?? null, to: isNow ? 'now' : startTime }],
    ...(isNow && {
      restarts:
        'The server restarts with its new build. Every session ends; with high availability clients wait for a planned failover only.',
    }),
  };
}

/** True while it can still be put to another time. */
export function isAhead({ properties: { maintenanceState: state } }: Maintenance): boolean {
  return state === 'Scheduled' || state === 'ReScheduled';
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
