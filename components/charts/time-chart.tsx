'use client';

import { useMemo, useState } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatTime, formatUtc } from '@/components/ui/format-time';
import { tickLabel, timeTicks } from './time-ticks';

export interface ChartSeries {
  id: string;
  label: string;
  unit: string;
  /** One for each time; null is a gap. */
  values: readonly (number | null)[];
}

export interface ChartEvent {
  at: number;
  label: string;
  tone: 'ok' | 'bad' | 'off';
}

export interface TimeChartProps {
  label: string;
  /** Milliseconds since 1970, evenly apart. */
  times: readonly number[];
  stepMs: number;
  /** Up to four, of at most two units. */
  series: readonly ChartSeries[];
  format: (value: number, unit: string) => string;
  events: readonly ChartEvent[];
  /** Lines across: what a rule compares with. */
  thresholds?: readonly { unit: string; value: number }[];
  /** Somebody drew over a part of it. */
  onZoom: (from: number, to: number) => void;
  height: number;
}

type Row = { time: number } & Record<string, number | null>;

const TEXT = { fill: 'var(--text-3)', fontSize: 11 };
/** Room for a label, with air. */
const TICK_PIXELS = 64;

/**
 * Lines over time. Gaps stay open, a single sample between gaps is a dot. Drag to zoom; with the chart focused, the
 * arrow keys move a cursor from sample to sample, and what it stands on is read out.
 */
export function TimeChart(props: TimeChartProps) {
  const { label, times, stepMs, series, format, events, thresholds = [], onZoom, height } = props;
  const [width, setWidth] = useState(900);
  const [dragged, setDragged] = useState<{ from: number; to: number }>();
  const rows = useMemo(
    () =>
      times.map((time, index) => {
        const row: Row = { time };
        for (const { id, values } of series) row[id] = values[index] ?? null;
        return row;
      }),
    [times, series],
  );
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const ticks = timeTicks(first, last, Math.max(2, Math.floor(width / TICK_PIXELS)));
  const units = [...new Set(series.map(({ unit }) => unit))];

  const release = () => {
    if (dragged && dragged.from !== dragged.to) {
      onZoom(Math.min(dragged.from, dragged.to), Math.max(dragged.from, dragged.to) + stepMs);
    }
    setDragged(undefined);
  };

  return (
    // The height is said in two places, so that nothing moves while the container measures itself.
    <div
      style={{ height }}
      className="select-none [&_svg]:outline-offset-[-2px] [&_svg:focus:not(:focus-visible)]:outline-none"
    >
      <ResponsiveContainer width="100%" height={height} onResize={(measured) => setWidth(measured)}>
        <LineChart
          data={rows}
          accessibilityLayer
          title={label}
          margin={{ top: 8, right: units.length > 1 ? 4 : 16, bottom: 0, left: 4 }}
          onMouseDown={({ activeLabel }) => {
            const at = Number(activeLabel);
            if (activeLabel !== undefined) setDragged({ from: at, to: at });
          }}
          onMouseMove={({ activeLabel }) => {
            if (dragged && activeLabel !== undefined) setDragged({ ...dragged, to: Number(activeLabel) });
          }}
          onMouseUp={release}
          onMouseLeave={() => setDragged(undefined)}
        >
          <CartesianGrid yAxisId={units[0]} stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="time"
            type="number"
            scale="time"
            domain={[first, last]}
            ticks={ticks}
            tickFormatter={(time: number) => tickLabel(time, ticks)}
            tick={TEXT}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            interval={0}
          />
          {units.map((unit, index) => (
            <YAxis
              key={unit}
              yAxisId={unit}
              orientation={index === 0 ? 'left' : 'right'}
              width={64}
              // A threshold far above all that was measured is drawn nevertheless.
              domain={[0, (highest: number) => Math.max(highest, ...thresholdsOf(thresholds, unit))]}
              allowDecimals={unit !== 'Count'}
              tickFormatter={(value: number) => format(value, unit)}
              tick={TEXT}
              tickLine={false}
              axisLine={false}
              tickCount={5}
            />
          ))}
          {thresholds.map(({ unit, value }) => (
            <ReferenceLine
              key={`${unit}${value}`}
              yAxisId={unit}
              y={value}
              ifOverflow="extendDomain"
              stroke="var(--bad)"
              strokeDasharray="6 3"
            />
          ))}
          {events.map(({ at, label: words, tone }) => (
            <ReferenceLine
              key={`${at}${words}`}
              yAxisId={units[0]}
              x={nearest(times, at)}
              stroke={tone === 'bad' ? 'var(--bad)' : 'var(--text-3)'}
              strokeDasharray="3 3"
            />
          ))}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)' }}
            content={<Reading {...{ times, series, format, events, stepMs }} />}
          />
          {series.map(({ id, label: name, unit, values }, index) => (
            <Line
              key={id}
              yAxisId={unit}
              dataKey={id}
              name={name}
              stroke={`var(--series-${index + 1})`}
              strokeWidth={1.75}
              strokeLinejoin="round"
              connectNulls={false}
              isAnimationActive={false}
              dot={<LoneDot values={values} color={`var(--series-${index + 1})`} />}
              activeDot={{ r: 3.5, stroke: 'var(--surface)', strokeWidth: 1.5 }}
            />
          ))}
          {dragged && dragged.from !== dragged.to && (
            <ReferenceArea
              yAxisId={units[0]}
              x1={dragged.from}
              x2={dragged.to}
              fill="var(--accent)"
              fillOpacity={0.14}
            />
          )}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

/** With air above, so that the line is none with the frame. */
function thresholdsOf(thresholds: NonNullable<TimeChartProps['thresholds']>, unit: string): number[] {
  return thresholds.filter((one) => one.unit === unit).map(({ value }) => value * 1.1);
}

interface ReadingProps extends Pick<TimeChartProps, 'times' | 'series' | 'format' | 'events' | 'stepMs'> {
  /** From recharts: whether the cursor is in the chart, and the time that it stands on. */
  active?: boolean;
  label?: string | number;
}

/** What the cursor stands on. */
function Reading({ active, label: at, times, series, format, events, stepMs }: ReadingProps) {
  if (!active || at === undefined) return null;
  const time = Number(at);
  const index = times.indexOf(time);
  const here = events.filter(({ at }) => nearest(times, at) === time);
  return (
    <div className="max-w-72 rounded border border-line bg-surface px-2.5 py-1.5 text-xs shadow-card">
      <p className="font-semibold">
        {formatTime(new Date(time))}
        {stepMs > 60_000 && (
          <>
            {' '}
            –{' '}
            {formatTime(new Date(time + stepMs))
              .split(', ')
              .at(-1)}
          </>
        )}
      </p>
      <p className="text-2xs text-text-3">{formatUtc(new Date(time))}</p>
      <ul className="mt-1">
        {series.map(({ id, label, unit, values }, place) => {
          const value = values[index];
          return (
            <li key={id} className="flex items-center gap-1.5">
              <span aria-hidden className="h-0.5 w-3 shrink-0" style={{ background: `var(--series-${place + 1})` }} />
              <span className="text-text-2">{label}</span>
              <b className="ml-auto pl-3 font-semibold">{value == null ? 'no sample' : format(value, unit)}</b>
            </li>
          );
        })}
      </ul>
      {here.map(({ at, label, tone }) => (
        <p key={`${at}${label}`} className={tone === 'bad' ? 'mt-1 text-bad' : 'mt-1 text-text-2'}>
          {formatTime(new Date(at)).split(', ').at(-1)} {label}
        </p>
      ))}
    </div>
  );
}

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

function isAlone(values: readonly (number | null)[], index: number): boolean {
  return values[index] != null && values[index - 1] == null && values[index + 1] == null;
}

/** The step that a moment lies in. */
function nearest(times: readonly number[], at: number): number {
  return times.findLast((time) => time <= at) ?? times[0] ?? at;
}
