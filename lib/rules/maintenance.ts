import { instantOf } from './schedules.ts';
import { compareSeries } from './upgrades.ts';

/** When servers are maintained: in the window that a person chose, or at night where the server is. */

export interface MaintenanceWindow {
  customWindow: string;
  /** 0 is Sunday; day and time are UTC, as in Azure. */
  dayOfWeek: number;
  startHour: number;
  startMinute: number;
  /** Of a custom window: `Batch1` comes first, `Batch2` a week after it. */
  batchOfMaintenance?: string | undefined;
}

/** Where a window and its server lie. */
export interface Maintained {
  window: MaintenanceWindow;
  /** Short form: `westeurope`. */
  location: string;
  /** Spreads the servers of a location over the night; any text that stays the same. */
  seed: string;
  /** Its patch strategy is `VirtualCanary`. */
  isCanary?: boolean;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** A maintenance is begun within this time of its start. */
export const WINDOW_MS = HOUR_MS;
/** From the day on which people are told to the first window. */
export const NOTICE_MS = 7 * DAY_MS;
/** The same for a virtual canary, which has builds before all others. */
export const CANARY_NOTICE_MS = DAY_MS;
/** By this much it can be put off, from when it was first to be. */
export const PUT_OFF_MS = 16 * DAY_MS;
/** What failed is tried again with the next month's maintenance. */
export const FAILED_AGAIN_MS = 30 * DAY_MS;

/** The clocks of a location: windows that the service chooses are at night there, in summer and winter. */
const TIME_ZONES: Readonly<Record<string, string>> = {
  eastus: 'America/New_York',
  eastus2: 'America/New_York',
  centralus: 'America/Chicago',
  westus: 'America/Los_Angeles',
  westus2: 'America/Los_Angeles',
  westus3: 'America/Phoenix',
  northeurope: 'Europe/Dublin',
  westeurope: 'Europe/Amsterdam',
  uksouth: 'Europe/London',
  francecentral: 'Europe/Paris',
  germanywestcentral: 'Europe/Berlin',
  southeastasia: 'Asia/Singapore',
  eastasia: 'Asia/Hong_Kong',
  australiaeast: 'Australia/Sydney',
  japaneast: 'Asia/Tokyo',
  brazilsouth: 'America/Sao_Paulo',
};

/** Azure's: from 23:00 to 07:00, so that an hour of maintenance ends by then. */
const NIGHT = { from: 23, hours: 7 };

/** The start of the first window at or after that moment. */
export function nextWindow(maintained: Maintained, from: number): number {
  const { window, location, seed } = maintained;
  if (window.customWindow === 'Enabled') {
    const start = new Date(from);
    start.setUTCHours(window.startHour, window.startMinute, 0, 0);
    while (start.getUTCDay() !== window.dayOfWeek || start.getTime() < from) start.setTime(start.getTime() + DAY_MS);
    return start.getTime();
  }
  const hour = (NIGHT.from + (hash(seed) % NIGHT.hours)) % 24;
  const zone = TIME_ZONES[location] ?? 'UTC';
  const day = new Date(from);
  for (let offset = -1; ; offset++) {
    const shown = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + offset, hour);
    const start = instantOf(shown, zone);
    if (start >= from) return start;
  }
}

/** When a server that is told now is to be maintained. */
export function plannedStart(maintained: Maintained, now: number): number {
  const { customWindow, batchOfMaintenance } = maintained.window;
  if (maintained.isCanary) return nextWindow(maintained, now + CANARY_NOTICE_MS);
  const later = customWindow === 'Enabled' && batchOfMaintenance === 'Batch2' ? 7 * DAY_MS : 0;
  return nextWindow(maintained, now + NOTICE_MS + later);
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) >>> 0;
  return value;
}

/** What can run a server: newer is what has a higher version, or of the same version what came later. */
export interface Build {
  fullVersion: string;
  series: string;
  /** Milliseconds since 1970; 0 for what was there from the start. */
  registeredAt: number;
  /** Where it comes from: `debian`, `registered`, … */
  source?: string;
}

/** Positive when `one` is the newer. */
export function compareBuilds(one: Build, other: Build): number {
  const [a, b] = [one, other].map(({ fullVersion }) => fullVersion.split('.').map(Number)) as [number[], number[]];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.registeredAt - other.registeredAt;
}

/** The newest of the same series that is newer than `current`; undefined when it is up to date. */
export function newerBuild<T extends Build>(current: Build, builds: readonly T[]): T | undefined {
  return builds
    .filter((build) => build.series === current.series && isNewer(build, current))
    .sort(compareBuilds)
    .at(-1);
}

/** Of the same version only what somebody registered, or another from where the present one is: else the two are one. */
function isNewer(build: Build, current: Build): boolean {
  if (compareBuilds(build, current) <= 0) return false;
  return build.fullVersion !== current.fullVersion || build.source === 'registered' || build.source === current.source;
}

/** How a build stands to the one that a server runs on. */
export type BuildRelation = 'InUse' | 'Newer' | 'NotNewer' | 'OtherSeries';

/** @returns the relation, and a sentence on why it is, or is not, to come to the server. */
export function relationOfBuild(current: Build, build: Build): { state: BuildRelation; explanation: string } {
  if (build.series !== current.series) {
    const is = `It is of the series ${build.series}, the server of ${current.series}`;
    const explanation =
      compareSeries(build.series, current.series) > 0
        ? `${is}: it comes by an upgrade, when somebody asks for one.`
        : `${is}: no server is taken back to an older series.`;
    return { state: 'OtherSeries', explanation };
  }
  if (isNewer(build, current))
    return { state: 'Newer', explanation: 'It is newer than the one that the server runs on.' };
  const explanation =
    build.fullVersion === current.fullVersion
      ? 'It is the same version, and did not come later than the one that the server runs on.'
      : 'It is older than the one that the server runs on: no server is taken back to an older build.';
  return { state: 'NotNewer', explanation };
}
