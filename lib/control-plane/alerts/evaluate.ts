import type { Aggregation } from '../../arm/insights/aggregations.ts';
import { HEALTHY_LOOKS_TO_RESOLVE, isMet, type AlertOperator } from '../../rules/alerts.ts';
import type { AlertCondition } from '../store/alert-conditions.ts';
import type { Series } from '../store/samples.ts';

const MINUTE = 60_000;

/** One comparison of a rule, checked. */
export interface Criterion {
  name: string;
  metricName: string;
  timeAggregation: Aggregation;
  operator: AlertOperator;
  threshold: number;
}

/** What one look at a server found. */
export interface Looked {
  outcome: AlertCondition['status'];
  /** Of each criterion; null where its window has no sample. */
  values: (number | null)[];
}

/** One step of a series; null without a sample: that is never 0. */
export function valueAt(series: Series, step: number, aggregation: Aggregation): number | null {
  const count = series.count[step]!;
  if (count === 0) return null;
  switch (aggregation) {
    case 'Average':
      return series.total[step]! / count;
    case 'Minimum':
      return series.minimum[step]!;
    case 'Maximum':
      return series.maximum[step]!;
    case 'Total':
      return series.total[step]!;
    case 'Count':
      return count;
  }
}

/** All criteria together: each must be met. One that is certainly not met says so whatever the others do not know. */
export function judge(criteria: readonly Criterion[], values: (number | null)[]): Looked {
  const met = criteria.map(({ operator, threshold }, index) => {
    const value = values[index];
    return value === null || value === undefined ? undefined : isMet(operator, value, threshold);
  });
  const outcome = met.includes(false) ? 'Healthy' : met.includes(undefined) ? 'NoData' : 'Unhealthy';
  return { outcome, values };
}

export interface Transition {
  condition: AlertCondition;
  change: 'fire' | 'resolve' | undefined;
}

export interface RuleManner {
  autoMitigate: boolean;
  /** Milliseconds between two alerts of a rule that resolves none. */
  repeatAfterMs: number;
}

/**
 * What follows from a look, given how the rule stood with the server before. Without data all stays as it is. A rule
 * that resolves nothing by itself (`autoMitigate` false) fires anew while its condition is met, not at every look.
 *
 * @param lastFiredAt when the rule last fired for the server.
 */
export function nextCondition(
  before: AlertCondition | undefined,
  outcome: Looked['outcome'],
  at: number,
  { autoMitigate, repeatAfterMs }: RuleManner,
  lastFiredAt: number | undefined,
): Transition {
  const { healthyLooks = 0, alertId = null } = before ?? {};
  const condition: AlertCondition = { status: outcome, healthyLooks, alertId, evaluatedAt: at };
  if (outcome === 'NoData') return { condition, change: undefined };
  if (outcome === 'Unhealthy') {
    condition.healthyLooks = 0;
    if (!autoMitigate) {
      const due = lastFiredAt === undefined || at - lastFiredAt >= repeatAfterMs;
      return { condition, change: due ? 'fire' : undefined };
    }
    return { condition, change: alertId === null ? 'fire' : undefined };
  }
  if (alertId === null) return { condition, change: undefined };
  condition.healthyLooks = healthyLooks + 1;
  return { condition, change: condition.healthyLooks >= HEALTHY_LOOKS_TO_RESOLVE ? 'resolve' : undefined };
}

/**
 * The value of a window that slides over a series of minutes, at the end of each step.
 *
 * @param minutes one sample a step, beginning a whole window before the first look.
 * @param windowMinutes how long the window is.
 * @param everyMinutes between two looks; the first is at the end of the first whole window.
 */
export function slide(
  minutes: Series,
  windowMinutes: number,
  everyMinutes: number,
  aggregation: Aggregation,
): (number | null)[] {
  const values: (number | null)[] = [];
  // Sums up to each minute, so that a window is one subtraction.
  const totals = new Float64Array(minutes.count.length + 1);
  const counts = new Uint32Array(minutes.count.length + 1);
  for (let index = 0; index < minutes.count.length; index++) {
    totals[index + 1] = totals[index]! + (minutes.count[index] ? minutes.total[index]! : 0);
    counts[index + 1] = counts[index]! + minutes.count[index]!;
  }
  const extreme =
    aggregation === 'Minimum' ? extremes(minutes, windowMinutes, -1) : extremes(minutes, windowMinutes, 1);
  for (let end = windowMinutes; end <= minutes.count.length; end += everyMinutes) {
    const count = counts[end]! - counts[end - windowMinutes]!;
    const total = totals[end]! - totals[end - windowMinutes]!;
    if (count === 0) values.push(null);
    else if (aggregation === 'Average') values.push(total / count);
    else if (aggregation === 'Total') values.push(total);
    else if (aggregation === 'Count') values.push(count);
    else values.push(extreme[end]!);
  }
  return values;
}

/** The highest (or, with `sign` -1, the lowest) of the window that ends before each minute. */
function extremes(minutes: Series, windowMinutes: number, sign: 1 | -1): Float64Array {
  const found = new Float64Array(minutes.count.length + 1);
  const of = sign === 1 ? minutes.maximum : minutes.minimum;
  // Minutes that can still be the extreme of a window to come, the best first.
  const candidates: number[] = [];
  let head = 0;
  for (let index = 0; index < minutes.count.length; index++) {
    if (minutes.count[index]! > 0) {
      while (candidates.length > head && sign * of[candidates.at(-1)!]! <= sign * of[index]!) candidates.pop();
      candidates.push(index);
    }
    while (head < candidates.length && candidates[head]! <= index - windowMinutes) head += 1;
    if (head < candidates.length) found[index + 1] = of[candidates[head]!]!;
  }
  return found;
}

/** The looks that are due: after the last one, at its distance, up to the newest whole minute. */
export function dueLooks(evaluatedTo: number, closed: number, frequencyMs: number, oldest: number): number[] {
  const looks: number[] = [];
  const skipped = Math.max(0, Math.ceil((oldest - evaluatedTo) / frequencyMs) - 1);
  for (let at = evaluatedTo + (skipped + 1) * frequencyMs; at <= closed; at += frequencyMs) looks.push(at);
  return looks;
}

/** The end of the newest minute whose samples have surely been kept. */
export function closedMinute(now: number, settleMs: number): number {
  return Math.floor((now - settleMs) / MINUTE) * MINUTE;
}
