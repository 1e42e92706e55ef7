import { memo } from 'react';
import { CartesianGrid, ComposedChart, ReferenceLine, XAxis, YAxis } from 'recharts';
import { ChartLines } from './chart-lines';
import { marksOf, type Axis, type TimeChartProps } from './chart-model';
import { AXIS_HEIGHT, AXIS_WIDTH, MARGIN, type Plot } from './chart-scale';
import { tickLabel, timeTicks } from './time-ticks';

const TEXT = { fill: 'var(--text-3)', fontSize: 11 };
/** Room for a label, with air. */
const TICK_PIXELS = 64;

export type ChartPictureProps = Omit<Required<TimeChartProps>, 'onZoom'> & { axes: Axis[]; plot: Plot; width: number };

/** What stays as it is while a cursor moves over it: recharts' frame, axes and marks, with the series' lines in it. */
export default memo(function ChartPicture(props: ChartPictureProps) {
  const { label, times, stepMs, series, format, events, thresholds, axes, plot, width, height } = props;
  const first = times[0]!;
  const last = times.at(-1)!;
  const ticks = timeTicks(first, last, Math.max(2, Math.floor(width / TICK_PIXELS)));
  const main = axes[0]?.unit;
  return (
    <div role="img" aria-label={label}>
      <ComposedChart width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid yAxisId={main} stroke="var(--line)" vertical={false} />
        <XAxis
          type="number"
          scale="time"
          domain={[first, last]}
          // Else it would wait for data of its own.
          allowDataOverflow
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
            allowDataOverflow
            ticks={values}
            tickFormatter={(value: number) => format(value, unit)}
            tick={TEXT}
            tickLine={false}
            axisLine={false}
            interval={0}
          />
        ))}
        <ChartLines {...{ times, series, axes, plot }} />
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
