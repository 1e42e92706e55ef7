import { useMemo } from 'react';
import type { ChartSeries } from '@/components/charts/chart-model';
import { TimeChart } from '@/components/charts/time-chart';
import { formatCount, formatSeconds } from '@/lib/rules/seconds';

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
  const { times, series } = useMemo(() => linesOf(trend, stepMs, spanMs), [trend, stepMs, spanMs]);
  return (
    <>
      <ul className="mb-1 flex flex-wrap gap-x-6 gap-y-1">
        {series.map(({ id, label: words }, index) => (
          <li key={id} className="flex items-center gap-2 text-text-2">
            <span
              aria-hidden
              className="h-[3px] w-3.5 shrink-0 rounded-full"
              style={{ background: `var(--series-${index + 1})` }}
            />
            {words}
          </li>
        ))}
      </ul>
      <TimeChart
        label={label}
        times={times}
        stepMs={stepMs}
        height={height}
        events={NO_EVENTS}
        format={formatCost}
        series={series}
      />
    </>
  );
}

const NO_EVENTS: never[] = [];

function formatCost(value: number, unit: string): string {
  return unit === 'Seconds' ? formatSeconds(value) : formatCount(value);
}

function linesOf(trend: readonly Point[], stepMs: number, spanMs: number): { times: number[]; series: ChartSeries[] } {
  const newest = Date.parse(trend.at(-1)?.time ?? new Date(0).toISOString());
  const oldest = Math.max(Date.parse(trend[0]?.time ?? new Date(0).toISOString()), newest - spanMs);
  const byTime = new Map(trend.map((point) => [Date.parse(point.time), point]));
  const times: number[] = [];
  for (let time = oldest; time <= newest; time += stepMs) times.push(time);
  const line = (of: (point: Point) => number) => times.map((time) => (byTime.has(time) ? of(byTime.get(time)!) : 0));
  return {
    times,
    series: [
      { id: 'spent', label: 'Time in statements', unit: 'Seconds', values: line(({ totalSeconds }) => totalSeconds) },
      { id: 'runs', label: 'Runs', unit: 'Count', values: line(({ count }) => count) },
    ],
  };
}
