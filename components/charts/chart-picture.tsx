import { memo, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import { marksOf, type Axis, type TimeChartProps } from './chart-model';
import { chartRows, isAlone, type ChartRow } from './chart-rows';
import { AXIS_HEIGHT, AXIS_WIDTH, MARGIN, type Plot } from './chart-scale';
import { tickLabel, timeTicks } from './time-ticks';

const TEXT = { fill: 'var(--text-3)', fontSize: 11 };
/** Room for a label, with air. */
const TICK_PIXELS = 64;

export type ChartPictureProps = Omit<Required<TimeChartProps>, 'onZoom'> & { axes: Axis[]; plot: Plot; width: number };

/** What stays as it is while a cursor moves over it. */
export default memo(function ChartPicture(props: ChartPictureProps) {
  const { label, times, stepMs, series, format, events, thresholds, axes, plot, width, height } = props;
  const rows = useMemo(() => chartRows(times, series, plot.width), [times, series, plot.width]);
  const first = times[0]!;
  const last = times.at(-1)!;
  const ticks = timeTicks(first, last, Math.max(2, Math.floor(width / TICK_PIXELS)));
  const main = axes[0]?.unit;
  return (
    <div role="img" aria-label={label}>
      <ComposedChart data={rows} width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid yAxisId={main} stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="time"
          type="number"
          scale="time"
          domain={[first, last]}
          ticks={ticks}
          tickFormatter={(time: number) => tickLabel(time, ticks)}
          height={AXIS_HEIGHT}
          tick={TEXT}
          tickLine={{ stroke: 'var(--line-strong)' }}
          axisLine={{ stroke: 'var(--line-strong)' }}
          interval={0}
        />
        {axes.map(({ unit, ticks: values, highest }, index) => (
          <YAxis
            key={unit}
            yAxisId={unit}
            orientation={index === 0 ? 'left' : 'right'}
            width={AXIS_WIDTH}
            domain={[0, highest]}
            ticks={values}
            tickFormatter={(value: number) => format(value, unit)}
            tick={TEXT}
            tickLine={false}
            axisLine={false}
            interval={0}
          />
        ))}
        {series.map(
          ({ id, unit, range }, index) =>
            range && (
              <Area
                key={`range of ${id}`}
                yAxisId={unit}
                dataKey={(row: ChartRow) => row.ranges[index]}
                stroke="none"
                fill={`var(--series-${index + 1})`}
                fillOpacity={0.14}
                {...STILL}
              />
            ),
        )}
        {series.map(({ id, unit, values }, index) => (
          <Line
            key={id}
            yAxisId={unit}
            dataKey={(row: ChartRow) => row.values[index]}
            stroke={`var(--series-${index + 1})`}
            strokeWidth={1.75}
            strokeLinejoin="round"
            {...STILL}
            // As many dots as rows cost more than the line; most lines have none.
            dot={
              rows.length === times.length && values.some((_, at) => isAlone(values, at)) ? (
                <LoneDot values={values} color={`var(--series-${index + 1})`} />
              ) : (
                false
              )
            }
          />
        ))}
        {thresholds
          .filter(({ unit }) => axes.some((axis) => axis.unit === unit))
          .map(({ unit, value }) => (
            <ReferenceLine key={`${unit}${value}`} yAxisId={unit} y={value} stroke="var(--bad)" strokeDasharray="6 3" />
          ))}
        {[...marksOf(events, times, stepMs)].map(([step, tone]) => (
          <ReferenceLine
            key={step}
            yAxisId={main}
            x={times[step]!}
            stroke={tone === 'bad' ? 'var(--bad)' : 'var(--text-3)'}
            strokeDasharray="3 3"
          />
        ))}
      </ComposedChart>
    </div>
  );
});

/** Nothing moves, gaps stay open, and the cursor is not recharts'. */
const STILL = { type: 'linear', connectNulls: false, isAnimationActive: false, activeDot: false } as const;

/** A sample between gaps, which a line would not show. Place and index come from recharts. */
function LoneDot({
  values,
  color,
  cx,
  cy,
  index,
}: {
  values: readonly (number | null)[];
  color: string;
  cx?: number;
  cy?: number;
  index?: number;
}) {
  return index !== undefined && isAlone(values, index) ? <circle cx={cx} cy={cy} r={2} fill={color} /> : null;
}
