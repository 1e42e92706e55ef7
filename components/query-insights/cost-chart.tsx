import dynamic from 'next/dynamic';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import { formatCount, formatSeconds } from '@/lib/rules/seconds';

// The library of charts is the heaviest thing of the portal: the rest of the blade does not wait for it.
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
  loading: () => (
    <Loading label="Loading the chart">
      <Skeleton height={120} />
    </Loading>
  ),
});

interface Point {
  time: string;
  totalSeconds: number;
  count: number;
}

/** Time spent in statements, and how many ran. Steps in which nothing ran are 0: looked at they were. */
export function CostChart({
  label,
  trend,
  interval,
  spanMs,
  height,
}: {
  label: string;
  trend: readonly Point[];
  interval: string;
  spanMs: number;
  height: number;
}) {
  const stepMs = interval === 'PT1H' ? 3_600_000 : 60_000;
  const newest = Date.parse(trend.at(-1)?.time ?? new Date(0).toISOString());
  const oldest = Math.max(Date.parse(trend[0]?.time ?? new Date(0).toISOString()), newest - spanMs);
  const byTime = new Map(trend.map((point) => [Date.parse(point.time), point]));
  const times: number[] = [];
  for (let time = oldest; time <= newest; time += stepMs) times.push(time);
  return (
    <div style={{ minHeight: height }}>
      <TimeChart
        label={label}
        times={times}
        stepMs={stepMs}
        height={height}
        events={[]}
        onZoom={() => {}}
        format={(value, unit) => (unit === 'Seconds' ? formatSeconds(value) : formatCount(value))}
        series={[
          {
            id: 'spent',
            label: 'Time in statements',
            unit: 'Seconds',
            values: times.map((time) => byTime.get(time)?.totalSeconds ?? 0),
          },
          { id: 'runs', label: 'Runs', unit: 'Count', values: times.map((time) => byTime.get(time)?.count ?? 0) },
        ]}
      />
    </div>
  );
}
