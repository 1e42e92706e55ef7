/** Time ranges and granularities of charts. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ranges that end now. */
export const RANGES = [
  { id: 'PT1H', label: 'Last hour', ms: HOUR },
  { id: 'PT6H', label: 'Last 6 hours', ms: 6 * HOUR },
  { id: 'PT12H', label: 'Last 12 hours', ms: 12 * HOUR },
  { id: 'P1D', label: 'Last 24 hours', ms: DAY },
  { id: 'P3D', label: 'Last 3 days', ms: 3 * DAY },
  { id: 'P7D', label: 'Last 7 days', ms: 7 * DAY },
  { id: 'P30D', label: 'Last 30 days', ms: 30 * DAY },
] as const;

export const GRAINS = [
  { id: 'PT1M', label: '1 minute', ms: MINUTE },
  { id: 'PT5M', label: '5 minutes', ms: 5 * MINUTE },
  { id: 'PT15M', label: '15 minutes', ms: 15 * MINUTE },
  { id: 'PT30M', label: '30 minutes', ms: 30 * MINUTE },
  { id: 'PT1H', label: '1 hour', ms: HOUR },
  { id: 'PT6H', label: '6 hours', ms: 6 * HOUR },
  { id: 'PT12H', label: '12 hours', ms: 12 * HOUR },
  { id: 'P1D', label: '1 day', ms: DAY },
] as const;
export type Grain = (typeof GRAINS)[number];

/** Metrics are kept for as long. */
export const KEPT_MS = 30 * DAY;
/** A chart has a point for every pixel at most; more would be drawn over each other. */
export const MOST_POINTS = 1500;

/** The finest grain that gives a line and no cloud. @param most points, fewer on a narrow screen. */
export function autoGrain(spanMs: number, most = 720): Grain {
  return GRAINS.find(({ ms }) => spanMs / ms <= most) ?? GRAINS.at(-1)!;
}

/** Why a grain cannot be had for a span; undefined when it can. */
export function grainProblem(spanMs: number, { ms }: Grain): string | undefined {
  if (spanMs / ms > MOST_POINTS) return 'More points than the chart has pixels. Choose a shorter time.';
  if (spanMs / ms < 2) return 'Longer than half of the time shown.';
  return undefined;
}

export interface TimeChoice {
  /** Of {@link RANGES}; null for times of one's own. */
  range: string | null;
  /** Milliseconds since 1970; used when there is no range. */
  from: number | null;
  to: number | null;
}

export function spanOf({ range, from, to }: TimeChoice): number {
  if (from !== null && to !== null && range === null) return Math.max(MINUTE, to - from);
  return (RANGES.find(({ id }) => id === range) ?? RANGES[0]).ms;
}

/**
 * From when to when to ask. A range that ends now ends with the step that now lies in, so that its steps stay where
 * they are from minute to minute; one by the minute ends with the last whole minute.
 */
export function boundsOf(choice: TimeChoice, grain: Grain, now: number): { from: number; to: number } {
  if (choice.range === null && choice.from !== null && choice.to !== null) {
    const from = Math.floor(choice.from / MINUTE) * MINUTE;
    return { from, to: Math.max(from + MINUTE, Math.ceil(choice.to / MINUTE) * MINUTE) };
  }
  const round = grain.ms === MINUTE ? Math.floor : Math.ceil;
  const to = round(now / grain.ms) * grain.ms;
  return { from: to - spanOf(choice), to };
}
