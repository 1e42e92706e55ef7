import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import type { ScheduleForPut } from '../arm/local/schedule.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import { shellWord } from './az-command.ts';
import type { ChangeDescription } from './change-description.ts';
import { WEEKDAYS, type Schedule, type Weekday } from './schedules.ts';

const WORKDAYS: readonly Weekday[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

/** `on weekdays`, `every day`, `on Mon, Wed`. */
export function daysWords(days: readonly Weekday[]): string {
  const has = (wanted: readonly Weekday[]) =>
    days.length === wanted.length && wanted.every((day) => days.includes(day));
  if (has(WEEKDAYS)) return 'every day';
  if (has(WORKDAYS)) return 'on weekdays';
  return `on ${WEEKDAYS.filter((day) => days.includes(day))
    .map((day) => day.slice(0, 3))
    .join(', ')}`;
}

/** `Stops on weekdays at 19:30 (Europe/Berlin)`. */
export function scheduleWords({ action, days, time, timeZone, sku }: Omit<Schedule, 'enabled'>): string {
  const verb = action === 'Scale' ? `Scales to ${sku?.name ?? '?'}` : `${action}s`;
  return `${verb} ${daysWords(days)} at ${time} (${timeZone})`;
}

/** A name for a schedule that its list does not have: `stop`, `stop-2`. */
export function freeScheduleName(action: Schedule['action'], taken: readonly string[]): string {
  const base = action.toLowerCase();
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.some((other) => other.toLowerCase() === name)) return name;
  }
}

/** The Azure CLI has no command of its own for what only the local cloud has. */
function azRest(method: 'put' | 'delete', id: string, body?: unknown): string {
  const url = `${id}?api-version=${FLEXDECK_LOCAL_VERSION}`;
  const options = body === undefined ? [] : [`--body ${shellWord(JSON.stringify(body))}`];
  return [`az rest --method ${method}`, `--url '${url}'`, ...options].join(' \\\n  ');
}

export function describePutSchedule(
  key: ServerKey,
  name: string,
  schedule: ScheduleForPut,
  before?: ScheduleForPut,
): ChangeDescription {
  const resourceId = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/schedules/${name}`;
  const body = { properties: schedule };
  const words = (one: ScheduleForPut) => `${scheduleWords(one)}${one.enabled ? '' : ', off'}`;
  return {
    resourceId,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'PUT',
    body,
    azCommand: azRest('put', resourceId, body),
    changes: [{ label: `Schedule ${name}`, from: before ? words(before) : null, to: words(schedule) }],
    ...(schedule.action !== 'Start' &&
      schedule.enabled && {
        restarts:
          schedule.action === 'Stop'
            ? 'At each of these times every session ends, and nobody can connect until the server is started again.'
            : 'At each of these times the server restarts with its new compute: every session ends.',
      }),
  };
}

export function describeDeleteSchedule(key: ServerKey, name: string, schedule: ScheduleForPut): ChangeDescription {
  const resourceId = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/schedules/${name}`;
  return {
    resourceId,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'DELETE',
    azCommand: azRest('delete', resourceId),
    changes: [{ label: `Schedule ${name}`, from: scheduleWords(schedule), to: 'deleted' }],
  };
}

export function describeAutoStart(key: ServerKey, from: number, to: number): ChangeDescription {
  const resourceId = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/autoStart/default`;
  const body = { properties: { afterDays: to } };
  const words = (days: number) => `after ${days} ${days === 1 ? 'day' : 'days'}`;
  return {
    resourceId,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'PUT',
    body,
    azCommand: azRest('put', resourceId, body),
    changes: [{ label: 'Starts by itself', from: words(from), to: words(to) }],
  };
}
