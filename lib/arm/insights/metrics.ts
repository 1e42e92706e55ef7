import * as z from 'zod';
import type { Aggregation } from './aggregations.ts';

const Localized = z.looseObject({ value: z.string(), localizedValue: z.string().nullish() });

/** `MetricDefinition` of Microsoft.Insights/metricDefinitions 2024-02-01. */
export const MetricDefinition = z.looseObject({
  name: Localized,
  displayDescription: z.string().nullish(),
  category: z.string().nullish(),
  unit: z.string().nullish(),
  primaryAggregationType: z.string().nullish(),
  supportedAggregationTypes: z.array(z.string()).nullish(),
  metricAvailabilities: z
    .array(z.looseObject({ timeGrain: z.string().nullish(), retention: z.string().nullish() }))
    .nullish(),
});
export type MetricDefinition = z.infer<typeof MetricDefinition>;

const number = z.number().nullish();
const MetricValue = z.object({
  timeStamp: z.string(),
  average: number,
  minimum: number,
  maximum: number,
  total: number,
  count: number,
});

/** `Response` of Microsoft.Insights/metrics 2024-02-01. */
export const MetricsResponse = z.looseObject({
  timespan: z.string(),
  interval: z.string().nullish(),
  value: z.array(
    z.looseObject({
      name: Localized,
      unit: z.string().nullish(),
      errorCode: z.string().nullish(),
      errorMessage: z.string().nullish(),
      timeseries: z.array(z.looseObject({ data: z.array(MetricValue).nullish() })).nullish(),
    }),
  ),
});
export type MetricsResponse = z.infer<typeof MetricsResponse>;

/** What a metric was: a tenth of the size of the answer that it comes from. */
export interface MetricSeries {
  /** As the REST API calls it. */
  name: string;
  displayName: string;
  unit: string;
  /** By time; null where there is no sample. */
  values: (number | null)[];
  /** The lowest and the highest behind each mean, where they were asked for. */
  range?: { minimum: (number | null)[]; maximum: (number | null)[] } | undefined;
}

export interface MetricData {
  /** Beginnings of the steps, milliseconds since 1970. */
  times: number[];
  /** The steps' length, ISO 8601: PT1M. */
  interval: string;
  series: MetricSeries[];
}

/** One aggregation of an answer, its metrics on common times. @param withRange with the lowest and the highest beside it. */
export function metricData(answer: MetricsResponse, aggregation: Aggregation, withRange = false): MetricData {
  const member = aggregation.toLowerCase() as Lowercase<Aggregation>;
  // A metric without dimensions has one time series, or none when nothing was ever measured.
  const points = answer.value.map(({ timeseries }) => timeseries?.[0]?.data ?? []);
  const times = (points.find((data) => data.length > 0) ?? []).map(({ timeStamp }) => Date.parse(timeStamp));
  return {
    times,
    interval: answer.interval ?? 'PT1M',
    series: answer.value.map(({ name, unit }, index) => {
      const byTime = new Map(points[index]!.map((point) => [Date.parse(point.timeStamp), point]));
      const of = (one: Lowercase<Aggregation>) => times.map((time) => byTime.get(time)?.[one] ?? null);
      return {
        name: name.value,
        displayName: name.localizedValue ?? name.value,
        unit: unit ?? 'Count',
        values: of(member),
        ...(withRange && { range: { minimum: of('minimum'), maximum: of('maximum') } }),
      };
    }),
  };
}
