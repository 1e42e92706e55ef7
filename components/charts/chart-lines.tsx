import { area, line } from 'd3-shape';
import { useMemo } from 'react';
import type { Axis, ChartSeries } from './chart-model';
import { chartRows, type ChartRow } from './chart-rows';
import { yOf, type Plot } from './chart-scale';

interface ChartLinesProps {
  times: readonly number[];
  series: readonly ChartSeries[];
  axes: readonly Axis[];
  plot: Plot;
}

interface SeriesPaths {
  id: string;
  color: string;
  range: string | null;
  values: string | null;
  alone: string;
}

/**
 * The series themselves: one path for each line, and one for the lowest and highest around it. recharts would make an
 * object of every sample of every line, several times over: that was four fifths of what a chart took.
 */
export function ChartLines({ times, series, axes, plot }: ChartLinesProps) {
  const paths = useMemo(() => pathsOf({ times, series, axes, plot }), [times, series, axes, plot]);
  return (
    <g fill="none" strokeLinejoin="round" strokeLinecap="round">
      {paths.map(({ id, color, range }) => range && <path key={id} d={range} fill={color} fillOpacity={0.14} />)}
      {paths.map(({ id, color, values, alone }) => (
        <g key={id} stroke={color}>
          {values && <path d={values} strokeWidth={1.75} />}
          {alone && <path d={alone} strokeWidth={4} />}
        </g>
      ))}
    </g>
  );
}

/** Gaps stay open. A sample between gaps, which a line would not show, is a line of no length with round ends. */
export function pathsOf({ times, series, axes, plot }: ChartLinesProps): SeriesPaths[] {
  const rows = chartRows(times, series, plot.width);
  const [first, last] = [times[0]!, times.at(-1)!];
  const x = ({ time }: ChartRow) => plot.left + (last > first ? (time - first) / (last - first) : 0.5) * plot.width;
  return series.map(({ id, unit }, index) => {
    const { highest } = axes.find((axis) => axis.unit === unit)!;
    const y = (value: number) => yOf(value, highest, plot);
    const valueAt = (row: ChartRow | undefined) => row?.values[index] ?? null;
    const rangeOf = (row: ChartRow) => row.ranges[index]!;
    return {
      id,
      color: `var(--series-${index + 1})`,
      range: area<ChartRow>()
        .defined((row) => row.ranges[index] !== null)
        .x(x)
        .y0((row) => y(rangeOf(row)[0]))
        .y1((row) => y(rangeOf(row)[1]))
        .digits(1)(rows),
      values: line<ChartRow>()
        .defined((row) => valueAt(row) !== null)
        .x(x)
        .y((row) => y(valueAt(row)!))
        .digits(1)(rows),
      alone: rows
        .filter((row, at) => valueAt(row) !== null && valueAt(rows[at - 1]) === null && valueAt(rows[at + 1]) === null)
        .map((row) => `M${x(row).toFixed(1)},${y(valueAt(row)!).toFixed(1)}h0`)
        .join(''),
    };
  });
}
