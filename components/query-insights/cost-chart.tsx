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
  const newest = Date.parse(trend.at(-1)?.time ?? new Date(0).toISOString());
  const oldest = Math.max(Date.parse(trend[0]?.time ?? new Date(0).toISOString()), newest - spanMs);
  const byTime = new Map(trend.map((point) => [Date.parse(point.time), point]));
  const times: number[] = [];
  for (let time = oldest; time <= newest; time += stepMs) times.push(time);
  return (
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
  );
}
