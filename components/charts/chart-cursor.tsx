import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatTime, formatUtc } from '@/components/ui/format-time';
import { stepOf, type Axis, type ChartSeries, type TimeChartProps } from './chart-model';
import { indexAt, xOf, yOf, type Plot } from './chart-scale';

interface ChartCursorProps extends Omit<TimeChartProps, 'thresholds'> {
  axes: readonly Axis[];
  plot: Plot;
  width: number;
}

/** A part of the time that is being drawn over: places of samples. */
interface Drawn {
  from: number;
  to: number;
}

const JUMPS: Record<string, (index: number, count: number) => number> = {
  ArrowLeft: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  PageUp: (index, count) => index + Math.ceil(count / 10),
  PageDown: (index, count) => index - Math.ceil(count / 10),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** What lies over a chart: the cursor with what it stands on, and the part that is drawn over to zoom. */
export function ChartCursor(props: ChartCursorProps) {
  const { label, times, stepMs, series, format, axes, plot, width, height, onZoom } = props;
  const [index, setIndex] = useState<number>();
  const [drawn, setDrawn] = useState<Drawn>();
  const count = times.length;
  // A refresh may have left it with fewer samples.
  const at = index === undefined ? undefined : Math.min(index, count - 1);

  const place = (event: PointerEvent<HTMLElement>) =>
    indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left, count, plot);
  const zoom = (part: Drawn | undefined) => {
    setDrawn(undefined);
    if (!onZoom || !part || part.from === part.to) return;
    onZoom(times[Math.min(part.from, part.to)]!, times[Math.min(count - 1, Math.max(part.from, part.to))]! + stepMs);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const jump = JUMPS[event.key];
    if (jump) {
      const from = at ?? count - 1;
      const to = Math.max(0, Math.min(count - 1, at === undefined ? from : jump(from, count)));
      setIndex(to);
      setDrawn(event.shiftKey && onZoom ? { from: drawn?.from ?? from, to } : undefined);
    } else if (event.key === 'Enter' && drawn) zoom(drawn);
    else if (event.key === 'Escape' && (drawn || at !== undefined)) {
      setDrawn(undefined);
      setIndex(undefined);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };

  const x = at === undefined ? 0 : xOf(at, count, plot);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`Cursor in ${label}`}
      aria-valuemin={0}
      aria-valuemax={count - 1}
      aria-valuenow={at ?? count - 1}
      aria-valuetext={wordsAt(at ?? count - 1, props)}
      className="absolute inset-0 touch-pan-y will-change-transform rounded outline-offset-[-2px] [&:focus:not(:focus-visible)]:outline-none"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const from = place(event);
        setIndex(from);
        if (onZoom) setDrawn({ from, to: from });
      }}
      onPointerMove={(event) => {
        const to = place(event);
        setIndex(to);
        if (drawn && event.buttons !== 0) setDrawn({ ...drawn, to });
      }}
      onPointerUp={() => zoom(drawn)}
      onPointerCancel={() => setDrawn(undefined)}
      onPointerLeave={() => setIndex(undefined)}
      onBlur={() => setIndex(undefined)}
      onKeyDown={onKeyDown}
    >
      <svg width={width} height={height} aria-hidden className="pointer-events-none absolute inset-0">
        {drawn && drawn.from !== drawn.to && (
          <rect
            x={Math.min(xOf(drawn.from, count, plot), xOf(drawn.to, count, plot))}
            width={Math.abs(xOf(drawn.to, count, plot) - xOf(drawn.from, count, plot))}
            y={plot.top}
            height={plot.height}
            fill="var(--accent)"
            fillOpacity={0.14}
          />
        )}
        {at !== undefined && (
          <>
            <line x1={x} x2={x} y1={plot.top} y2={plot.top + plot.height} stroke="var(--line-strong)" />
            {series.map(({ id, unit, values }, place) => {
              const value = values[at];
              const { highest } = axes.find((axis) => axis.unit === unit)!;
              return value == null ? null : (
                <circle
                  key={id}
                  cx={x}
                  cy={yOf(value, highest, plot)}
                  r={3.5}
                  fill={`var(--series-${place + 1})`}
                  stroke="var(--surface)"
                  strokeWidth={1.5}
                />
              );
            })}
          </>
        )}
      </svg>
      {at !== undefined && <Reading {...props} {...{ at, x, format }} />}
    </div>
  );
}

/** What the cursor stands on, on the side that has more room. */
function Reading({
  at,
  x,
  times,
  series,
  format,
  events,
  stepMs,
  width,
}: ChartCursorProps & { at: number; x: number }) {
  const time = times[at]!;
  const here = events.filter((event) => stepOf(event.at, times, stepMs) === at);
  const side = x < width / 2 ? { left: x + 12 } : { right: width - x + 12 };
  return (
    <div
      className="pointer-events-none absolute top-2 z-10 rounded border border-line bg-surface px-2.5 py-1.5 text-xs shadow-card"
      style={{ ...side, maxWidth: Math.min(320, Math.max(x, width - x) - 16) }}
    >
      <p className="font-semibold">{stepWords(time, stepMs)}</p>
      <p className="text-2xs text-text-3">{formatUtc(new Date(time))}</p>
      <ul className="mt-1">
        {series.map((one, place) => (
          <li key={one.id} className="mt-0.5">
            <span className="flex items-center gap-1.5">
              <span aria-hidden className="h-0.5 w-3 shrink-0" style={{ background: `var(--series-${place + 1})` }} />
              <span className="min-w-0 break-words text-text-2">{one.label}</span>
              <b className="ml-auto shrink-0 pl-3 font-semibold whitespace-nowrap">{valueWords(one, at, format)}</b>
            </span>
            {rangeWords(one, at, format) && (
              <span className="block text-right text-2xs text-text-3">{rangeWords(one, at, format)}</span>
            )}
          </li>
        ))}
      </ul>
      {here.map(({ at: happened, label, tone }) => (
        <p key={`${happened}${label}`} className={tone === 'bad' ? 'mt-1 text-bad' : 'mt-1 text-text-2'}>
          {formatTime(new Date(happened)).split(', ').at(-1)} {label}
        </p>
      ))}
    </div>
  );
}

function stepWords(time: number, stepMs: number): string {
  const from = formatTime(new Date(time));
  if (stepMs <= 60_000) return from;
  const to = formatTime(new Date(time + stepMs));
  return `${from} – ${to.split(', ').at(-1)}`;
}

function valueWords({ values, unit }: ChartSeries, at: number, format: ChartCursorProps['format']): string {
  const value = values[at];
  return value == null ? 'no sample' : format(value, unit);
}

function rangeWords({ range, unit }: ChartSeries, at: number, format: ChartCursorProps['format']): string | undefined {
  const low = range?.minimum[at];
  const high = range?.maximum[at];
  return low == null || high == null ? undefined : `${format(low, unit)} – ${format(high, unit)}`;
}

/** The same to hear. */
function wordsAt(at: number, { times, stepMs, series, format, events }: ChartCursorProps): string {
  const values = series.map((one) => `${one.label} ${valueWords(one, at, format)}`);
  const here = events.filter((event) => stepOf(event.at, times, stepMs) === at).map(({ label }) => label);
  return [stepWords(times[at]!, stepMs), ...values, ...here].join(', ');
}
