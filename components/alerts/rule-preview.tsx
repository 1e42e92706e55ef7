import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ChartEvent } from '@/components/charts/chart-model';
import { TimeChart } from '@/components/charts/time-chart';
import { QueryRegion } from '@/components/ui/query-region';
import { Select } from '@/components/ui/select';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { MetricAlertProperties } from '@/lib/arm/insights/metric-alerts';
import type { AlertPreview } from '@/lib/arm/local/alert-preview';
import type { ServerKey } from '@/lib/arm/resource-id';
import { alertPreviewQuery } from '@/lib/queries/alerts';
import { metricsQuery } from '@/lib/queries/metrics';
import { durationWords } from '@/lib/rules/alert-changes';
import type { FormCriterion } from '@/lib/rules/alert-form';
import { WINDOW_SIZES } from '@/lib/rules/alerts';
import { autoGrain, GRAINS, grainProblem, RANGES, type Grain } from '@/lib/rules/metric-time';
import { formatCount } from '@/lib/rules/seconds';
import { formatMetric } from '@/lib/rules/metric-values';

const HEIGHT = 200;

interface RulePreviewProps {
  server: ServerKey;
  /** What is drawn. */
  criterion: FormCriterion;
  rule: MetricAlertProperties;
}

/** The metric over the past with the threshold in it, and what the rule would have done. */
export function RulePreview({ server, criterion, rule }: RulePreviewProps) {
  const [range, setRange] = useState('P1D');
  const span = RANGES.find(({ id }) => id === range)?.ms ?? RANGES[3].ms;
  const grain = grainFor(rule.windowSize, span);
  const metrics = useQuery({
    ...metricsQuery(server, {
      metrics: [criterion.metricName],
      aggregation: criterion.timeAggregation,
      grain,
      range,
      from: null,
      to: null,
    }),
    placeholderData: keepPreviousData,
  });
  const { windowSize, evaluationFrequency, criteria, autoMitigate } = rule;
  const preview = useQuery({
    ...alertPreviewQuery(server, {
      timespan: range,
      rule: { windowSize, evaluationFrequency, criteria, autoMitigate },
    }),
    enabled: Number.isFinite(criterion.threshold),
  });
  // The same for the same: a key pressed in the form draws no picture again.
  const { data } = metrics;
  const series = useMemo(
    () => (data?.series ?? []).map(({ name: id, displayName: label, unit, values }) => ({ id, label, unit, values })),
    [data],
  );
  const thresholds = useMemo(
    () =>
      Number.isFinite(criterion.threshold) ? [{ unit: series[0]?.unit ?? 'Count', value: criterion.threshold }] : [],
    [series, criterion.threshold],
  );
  const alerts = preview.data?.alerts;
  const events = useMemo(
    () =>
      (alerts ?? [])
        .map(({ firedAt }): ChartEvent => ({ at: Date.parse(firedAt), label: 'would have fired', tone: 'bad' }))
        .filter(({ at }) => at >= (data?.times[0] ?? 0)),
    [alerts, data],
  );
  return (
    <section aria-label="Preview" className="grid gap-2 rounded-card border border-line p-3">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <PreviewWords preview={preview.data} isPending={preview.isPending} error={preview.error} />
        <Select
          label="Over the"
          layout="stack"
          options={RANGES.map(({ id, label }) => ({ id, label }))}
          value={range}
          onChange={setRange}
        />
      </div>
      <QueryRegion
        query={metrics}
        skeleton={<ChartSkeleton />}
        isEmpty={({ series }) => series.every(({ values }) => values.every((value) => value === null))}
        empty={
          <EmptyState title="Nothing was measured in this time">
            The rule has nothing to look at yet; a minute without a sample is never taken for 0.
          </EmptyState>
        }
      >
        {(data) => (
          <>
            <TimeChart
              label={`${data.series[0]?.displayName ?? criterion.metricName}, with the threshold`}
              times={data.times}
              stepMs={grain.ms}
              series={series}
              thresholds={thresholds}
              format={formatMetric}
              events={events}
              height={HEIGHT}
            />
            {grain.ms !== WINDOW_SIZES[windowSize] && (
              <p className="text-xs text-text-3">
                Drawn by {grain.label}; the rule looks at {durationWords(windowSize)}.
              </p>
            )}
          </>
        )}
      </QueryRegion>
    </section>
  );
}

/** The window's own length where the chart has room for it, so that a point is what the rule compares. */
function grainFor(windowSize: string, span: number): Grain {
  const own = GRAINS.find(({ ms }) => ms === WINDOW_SIZES[windowSize]);
  return own && !grainProblem(span, own) ? own : autoGrain(span);
}

interface PreviewWordsProps {
  preview: AlertPreview | null | undefined;
  isPending: boolean;
  error: Error | null;
}

function PreviewWords({ preview, isPending, error }: PreviewWordsProps) {
  if (error) return <p className="text-bad">{error.message}</p>;
  if (preview === null) return <p className="text-text-2">The threshold over the past of the metric.</p>;
  if (isPending || !preview) return <Skeleton width={220} height={18} />;
  const { alerts, looks, looksWithoutData } = preview;
  const count = alerts.length;
  const shown = alerts.slice(-5).toReversed();
  return (
    <div aria-live="polite">
      <p className="font-semibold">
        {count === 0
          ? 'Would not have fired'
          : `Would have fired ${count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`}`}
      </p>
      {looksWithoutData > 0 && (
        <p className="text-xs text-text-3">
          {looksWithoutData === looks
            ? 'There was no data at all.'
            : `At ${formatCount(looksWithoutData)} of ${formatCount(looks)} looks there was no data.`}
        </p>
      )}
      {shown.length > 0 && (
        <ul className="mt-1 text-xs text-text-2">
          {shown.map(({ firedAt, resolvedAt }) => (
            <li key={firedAt}>
              <Time value={firedAt} /> – {resolvedAt ? <Time value={resolvedAt} /> : 'now'}
            </li>
          ))}
          {count > shown.length && <li>and {count - shown.length} earlier</li>}
        </ul>
      )}
    </div>
  );
}

function ChartSkeleton() {
  return (
    <Loading>
      <Skeleton height={HEIGHT} />
    </Loading>
  );
}
