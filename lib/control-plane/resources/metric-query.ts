import { ArmError } from '../../arm/error.ts';
import { AGGREGATIONS, type Aggregation } from '../../arm/insights/aggregations.ts';
import { findOfferedMetric, METRIC_NAMESPACE, OFFERED_METRICS, type Metric } from '../metrics/catalog.ts';

const MINUTE = 60_000;
/** Azure takes 20 metrics in one request. */
const MOST_METRICS = 20;
/** A month by the minute of four metrics; more would hold the answer of a request back for long. */
const MOST_POINTS = 200_000;

export const TIME_GRAINS: Readonly<Record<string, number>> = {
  PT1M: MINUTE,
  PT5M: 5 * MINUTE,
  PT15M: 15 * MINUTE,
  PT30M: 30 * MINUTE,
  PT1H: 60 * MINUTE,
  PT6H: 6 * 60 * MINUTE,
  PT12H: 12 * 60 * MINUTE,
  P1D: 24 * 60 * MINUTE,
};

export interface MetricQuery {
  metrics: { metric: Metric; aggregations: readonly Aggregation[] }[];
  /** Whole minutes, `to` excluded. */
  from: number;
  to: number;
  stepMs: number;
  steps: number;
  /** As the answer says it: PT5M, or the whole span's length for FULL. */
  interval: string;
  metadataOnly: boolean;
}

/**
 * Reads the query of a metrics request. Names of parameters in any letters, as Azure takes them; `top` and `orderby`
 * choose among the values of dimensions, and there are none.
 *
 * @throws {ArmError} BadRequest 400, naming what would be right.
 */
export function parseMetricQuery(given: Readonly<Record<string, string>>, now: number): MetricQuery {
  const query = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  requireNamespace(query.get('metricnamespace'));
  if (query.get('$filter') && query.get('validatedimensions')?.toLowerCase() !== 'false') {
    throw bad('$filter', `The metrics of ${METRIC_NAMESPACE} have no dimensions to filter by. Leave $filter out.`);
  }
  const { from, to } = parseTimespan(query.get('timespan'), now);
  const adjust = query.get('autoadjusttimegrain')?.toLowerCase() === 'true';
  const { interval, stepMs } = parseInterval(query.get('interval'), to - from, adjust);
  const metrics = parseNames(query.get('metricnames')).map((metric) => ({
    metric,
    aggregations: parseAggregations(query.get('aggregation')) ?? [metric.aggregations[0]!],
  }));
  const steps = Math.ceil((to - from) / stepMs);
  if (steps * metrics.length > MOST_POINTS) {
    throw bad(
      'timespan',
      `These are ${steps * metrics.length} data points; ${MOST_POINTS} are the most. Choose a longer interval, a shorter timespan or fewer metrics.`,
    );
  }
  const metadataOnly = query.get('resulttype')?.toLowerCase() === 'metadata';
  return { metrics, from, to, stepMs, steps, interval, metadataOnly };
}

/** @throws {ArmError} for another namespace than the one of flexible servers. */
export function requireNamespace(namespace: string | undefined): void {
  if (!namespace || namespace.toLowerCase() === METRIC_NAMESPACE.toLowerCase()) return;
  throw bad('metricnamespace', `Metric namespace '${namespace}' is not found. Valid namespace: ${METRIC_NAMESPACE}.`);
}

/** `a,b`; without any the first one, as Azure answers. */
function parseNames(names: string | undefined): Metric[] {
  const wanted = [...new Set((names ?? '').split(',').flatMap((name) => name.trim() || []))];
  if (wanted.length === 0) return [OFFERED_METRICS[0]!];
  if (wanted.length > MOST_METRICS) {
    throw bad(
      'metricnames',
      `At most ${MOST_METRICS} metrics can be asked for at once, and these are ${wanted.length}.`,
    );
  }
  return wanted.map((name) => {
    const metric = findOfferedMetric(name);
    if (metric) return metric;
    throw bad(
      'metricnames',
      `Failed to find metric configuration for provider: Microsoft.DBforMySQL, resource Type: flexibleServers, metric: ${name}, Valid metrics: ${OFFERED_METRICS.map((each) => each.name).join(',')}`,
    );
  });
}

function parseAggregations(text: string | undefined): Aggregation[] | undefined {
  const wanted = [...new Set((text ?? '').split(',').flatMap((name) => name.trim().toLowerCase() || []))];
  if (wanted.length === 0) return undefined;
  return wanted.map((name) => {
    const found = AGGREGATIONS.find((each) => each.toLowerCase() === name);
    if (found) return found;
    throw bad('aggregation', `'${name}' is not a valid aggregation. Valid aggregations: ${AGGREGATIONS.join(',')}.`);
  });
}

function parseInterval(
  text: string | undefined,
  spanMs: number,
  adjust: boolean,
): { interval: string; stepMs: number } {
  const wanted = text?.trim().toUpperCase() || 'PT1M';
  if (wanted === 'FULL') return { interval: isoDuration(spanMs), stepMs: spanMs };
  const known = TIME_GRAINS[wanted];
  if (wanted === 'AUTO') return closestGrain(spanMs / 200);
  const asked = known ?? durationMs(wanted);
  if (adjust && asked !== undefined) return closestGrain(Math.min(asked, spanMs));
  if (known !== undefined) return { interval: wanted, stepMs: known };
  throw bad(
    'interval',
    `Detected invalid time grain input: ${text}, supported ones are: ${Object.keys(TIME_GRAINS).join(',')},FULL`,
  );
}

/** The longest grain that is not longer than wished for. */
function closestGrain(wishedMs: number): { interval: string; stepMs: number } {
  const [interval, stepMs] = Object.entries(TIME_GRAINS).findLast(([, grain]) => grain <= wishedMs) ?? ['PT1M', MINUTE];
  return { interval, stepMs };
}

/**
 * `start/end`, where one of them may be a duration (`PT1H/2026-01-31T12:00:00Z`), or a duration that ends now; without
 * any the last hour. Times without a zone are UTC. The Azure CLI encodes it twice, so what still has a `%` is decoded again.
 *
 * @returns whole minutes.
 */
export function parseTimespan(given: string | undefined, now: number): { from: number; to: number } {
  const text = decoded(given?.trim() || 'PT1H');
  const parts = text.split('/');
  const [first = '', second] = parts;
  const wrong = () =>
    bad(
      'timespan',
      `Detected invalid timespan input: ${given}. It reads start/end, such as 2026-01-31T00:00:00Z/2026-02-01T00:00:00Z.`,
    );
  if (parts.length > 2) throw wrong();
  let from: number | undefined;
  let to: number | undefined;
  if (second === undefined) {
    to = now;
    from = before(to, durationMs(first));
  } else if (first.startsWith('P')) {
    to = timeOf(second);
    from = before(to, durationMs(first));
  } else {
    from = timeOf(first);
    to = second.startsWith('P') ? before(from, negative(durationMs(second))) : timeOf(second);
  }
  if (from === undefined || to === undefined) throw wrong();
  const whole = { from: Math.floor(from / MINUTE) * MINUTE, to: Math.floor(to / MINUTE) * MINUTE };
  if (from > to) {
    throw bad('timespan', `The start time of the timespan '${text}' is after its end time.`);
  }
  return whole.from === whole.to ? { from: whole.from, to: whole.to + MINUTE } : whole;
}

function decoded(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.,]\d+)?)?)?(Z|[ +-]\d\d:?\d\d)?$/i;

function timeOf(text: string): number | undefined {
  if (!TIME.test(text)) return undefined;
  // A + that was not encoded arrives as a space.
  const plain = text.replace(' ', '+').replace(',', '.').toUpperCase();
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(plain) && plain.includes('T');
  const time = Date.parse(zoned ? plain : plain.includes('T') ? `${plain}Z` : plain);
  return Number.isNaN(time) ? undefined : time;
}

/** Of weeks, days, hours, minutes and seconds; months and years have no fixed length. */
function durationMs(text: string): number | undefined {
  const match = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text);
  if (!match) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  return ((((weeks! * 7 + days!) * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
}

function before(time: number | undefined, duration: number | undefined): number | undefined {
  return time === undefined || duration === undefined ? undefined : time - duration;
}

function negative(duration: number | undefined): number | undefined {
  return duration === undefined ? undefined : -duration;
}

/** Of whole minutes: PT4H, P1DT30M. */
function isoDuration(ms: number): string {
  const minutes = ms / MINUTE;
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const time = `${hours ? `${hours}H` : ''}${rest ? `${rest}M` : ''}`;
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
}

function bad(target: string, message: string): ArmError {
  return new ArmError('BadRequest', 400, message, { target });
}
