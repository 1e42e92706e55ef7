import type { FleetMaintenance } from '../arm/mysql/maintenance.ts';

export interface CalendarDay {
  /** Its midnight by the person's clock, milliseconds since 1970. */
  at: number;
  /** In the order in which they begin. */
  maintenances: FleetMaintenance[];
}

const DAYS = 14;

/** The days from today on, by the clock of whoever looks, with what begins on each; what is under way counts as today. */
export function calendarDays(items: readonly FleetMaintenance[], now: Date): CalendarDay[] {
  const days = Array.from({ length: DAYS + 1 }, (_, offset) =>
    // Not by adding hours: a day on which the clocks change has 23 or 25.
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).getTime(),
  );
  const begins = ({ startTime }: FleetMaintenance) => Math.max(Date.parse(startTime), days[0]!);
  const sorted = items.toSorted((one, other) => begins(one) - begins(other));
  return days.slice(0, DAYS).map((at, index) => ({
    at,
    maintenances: sorted.filter((item) => begins(item) >= at && begins(item) < days[index + 1]!),
  }));
}

/** How many begin after the days that the calendar shows. */
export function laterThanCalendar(items: readonly FleetMaintenance[], now: Date): number {
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() + DAYS).getTime();
  return items.filter(({ startTime }) => Date.parse(startTime) >= end).length;
}
