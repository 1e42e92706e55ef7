'use client';

import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ChartCursor } from './chart-cursor';
import { axesOf, stepOf, type Axis, type TimeChartProps } from './chart-model';
import { bandPath, linePath, lonePath, xOf, yOf, type Plot } from './chart-scale';
import { tickLabel, timeTicks } from './time-ticks';

/** Room for a label, with air. */
const TICK_PIXELS = 64;
const AXIS_WIDTH = 64;
const NO_THRESHOLDS: NonNullable<TimeChartProps['thresholds']> = [];

/**
 * Lines over time. Gaps stay open, a single sample between gaps is a dot. Drag to zoom; with the chart focused, the
 * arrow keys move a cursor from sample to sample, and what it stands on is read out.
 *
 * The picture is drawn once for what it shows; the cursor is drawn over it, so that moving it draws nothing of the picture again.
 */
export function TimeChart(props: TimeChartProps) {
  const { label, times, stepMs, series, format, events, thresholds = NO_THRESHOLDS, onZoom, height } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current!;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const axes = useMemo(() => axesOf(series, thresholds), [series, thresholds]);
  const plot = useMemo(
    (): Plot => ({
      left: AXIS_WIDTH + 4,
      top: 8,
      width: Math.max(1, width - AXIS_WIDTH - 4 - (axes.length > 1 ? AXIS_WIDTH + 4 : 16)),
      height: height - 8 - 30,
    }),
    [width, height, axes.length],
  );
  return (
    // The height is said before the width is known, so that nothing moves.
    <div ref={frame} style={{ height }} className="relative select-none">
      {width > 0 && times.length > 0 && (
        <>
          <Picture {...{ label, times, stepMs, series, format, events, thresholds, axes, plot, width, height }} />
          <ChartCursor {...{ label, times, stepMs, series, format, events, axes, plot, width, height, onZoom }} />
        </>
      )}
    </div>
  );
}

type PictureProps = Omit<Required<TimeChartProps>, 'onZoom'> & { axes: Axis[]; plot: Plot; width: number };

const Picture = memo(function Picture(props: PictureProps) {
  const { label, times, stepMs, series, format, events, thresholds, axes, plot, width, height } = props;
  const first = times[0]!;
  const last = times.at(-1)!;
  const bottom = plot.top + plot.height;
  const right = plot.left + plot.width;
  const ticks = timeTicks(first, last, Math.max(2, Math.floor(width / TICK_PIXELS)));
  const timeX = (time: number) => plot.left + (last > first ? (time - first) / (last - first) : 0.5) * plot.width;
  const axisOf = (unit: string) => axes.find((axis) => axis.unit === unit);
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      className="block"
      fontSize={11}
      style={{ fill: 'none' }}
    >
      {ticks.map((time) => (
        <g key={time}>
          <line x1={timeX(time)} x2={timeX(time)} y1={bottom} y2={bottom + 4} stroke="var(--line-strong)" />
          <text x={timeX(time)} y={bottom + 18} textAnchor="middle" fill="var(--text-3)">
            {tickLabel(time, ticks)}
          </text>
        </g>
      ))}
      {axes.map(({ unit, ticks: values, highest }, index) =>
        values.map((value) => (
          <g key={`${unit}${value}`}>
            {index === 0 && (
              <line
                x1={plot.left}
                x2={right}
                y1={yOf(value, highest, plot)}
                y2={yOf(value, highest, plot)}
                stroke={value === 0 ? 'var(--line-strong)' : 'var(--line)'}
              />
            )}
            <text
              x={index === 0 ? plot.left - 8 : right + 8}
              y={yOf(value, highest, plot) + 4}
              textAnchor={index === 0 ? 'end' : 'start'}
              fill="var(--text-3)"
            >
              {format(value, unit)}
            </text>
          </g>
        )),
      )}
      {series.map(({ id, unit, range }, index) => {
        const { highest } = axisOf(unit)!;
        return (
          range && (
            <path
              key={id}
              d={bandPath(range.minimum, range.maximum, highest, plot)}
              fill={`var(--series-${index + 1})`}
              fillOpacity={0.14}
            />
          )
        );
      })}
      {series.map(({ id, unit, values }, index) => {
        const { highest } = axisOf(unit)!;
        const color = `var(--series-${index + 1})`;
        return (
          <g key={id} stroke={color} strokeLinejoin="round" strokeLinecap="round">
            <path d={linePath(values, highest, plot)} strokeWidth={1.75} />
            <path d={lonePath(values, highest, plot)} strokeWidth={4} />
          </g>
        );
      })}
      {thresholds.map(({ unit, value }) => {
        const axis = axisOf(unit);
        if (!axis) return null;
        const y = yOf(value, axis.highest, plot);
        return (
          <line
            key={`${unit}${value}`}
            x1={plot.left}
            x2={right}
            y1={y}
            y2={y}
            stroke="var(--bad)"
            strokeDasharray="6 3"
          />
        );
      })}
      {events.map(({ at, label: words, tone }) => {
        const x = xOf(stepOf(at, times, stepMs), times.length, plot);
        return (
          <line
            key={`${at}${words}`}
            x1={x}
            x2={x}
            y1={plot.top}
            y2={bottom}
            stroke={tone === 'bad' ? 'var(--bad)' : 'var(--text-3)'}
            strokeDasharray="3 3"
          />
        );
      })}
    </svg>
  );
});
