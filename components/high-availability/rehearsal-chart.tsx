import type { FailoverRehearsal } from '@/lib/arm/local/failover-rehearsal';
import { formatGap } from '@/lib/rules/failover-rehearsals';

type Report = NonNullable<FailoverRehearsal['properties']['report']>;
type Samples = NonNullable<FailoverRehearsal['properties']['samples']>;

const HEIGHT = 140;
const BASE = 112;
/** Shown before the fault and after the gap. */
const BEFORE_MS = 300;
const AFTER_MS = 400;

/** What part of the samples is drawn: around the gap, in milliseconds since the first write. */
export interface Stretch {
  from: number;
  to: number;
}

/** From a little before the fault to a little after clients wrote again. */
export function stretchOf({ phases, longestGapStart, longestGapMilliseconds }: Report): Stretch {
  const fault = phases[0]?.start ?? longestGapStart;
  const gapEnd = longestGapStart + longestGapMilliseconds;
  return { from: Math.max(0, Math.min(fault, longestGapStart) - BEFORE_MS), to: gapEnd + AFTER_MS };
}

interface RehearsalChartProps {
  label: string;
  report: Report;
  samples: Samples;
  /** What the failover began with: `fault`, or `asked`. */
  beginning: string;
  /** How long a stretch is drawn: the same for two that are compared. */
  lengthMs: number;
}

/** Acknowledged writes per stretch of time around the gap, as bars, and the gap itself with its length. */
export function RehearsalChart({ label, beginning, report, samples, lengthMs }: RehearsalChartProps) {
  const { from } = stretchOf(report);
  const { bucketMilliseconds: step, acknowledged } = samples;
  const first = Math.floor(from / step);
  const shown = Array.from({ length: Math.ceil(lengthMs / step) + 1 }, (_, index) => acknowledged[first + index] ?? 0);
  const most = Math.max(1, ...shown);
  const width = shown.length;
  const x = (at: number) => (at - first * step) / step;
  const gap = { from: x(report.longestGapStart), to: x(report.longestGapStart + report.longestGapMilliseconds) };
  const fault = report.phases[0] && x(report.phases[0].start);
  const ticks = ticksOf(lengthMs);
  const words =
    `Acknowledged writes per ${step} ms: up to ${most}, none for ${formatGap(report.longestGapMilliseconds)}, ` +
    `then up to ${Math.max(0, ...shown.slice(Math.ceil(gap.to)))} again.`;
  const percent = (value: number) => `${(100 * value) / width}%`;
  return (
    <figure aria-label={label}>
      <figcaption className="mb-1 flex flex-wrap justify-between gap-x-4 text-xs text-text-3">
        <span>acknowledged writes per {step} ms</span>
        <span>
          gap <b className="font-semibold text-text">{formatGap(report.longestGapMilliseconds)}</b>
        </span>
      </figcaption>
      <div className="relative" style={{ height: HEIGHT }}>
        <svg
          role="img"
          aria-label={words}
          viewBox={`0 0 ${width} ${BASE}`}
          preserveAspectRatio="none"
          className="absolute inset-x-0 top-0 w-full overflow-visible"
          style={{ height: BASE }}
        >
          <rect x={gap.from} y={0} width={Math.max(0.2, gap.to - gap.from)} height={BASE} className="fill-bad-weak" />
          {shown.map((writes, index) => {
            const height = (writes / most) * (BASE - 8);
            // oxlint-disable-next-line react/no-array-index-key -- a place in time is its key
            return (
              <rect key={index} x={index} y={BASE - height} width={0.8} height={height} className="fill-series-1" />
            );
          })}
          <line
            x1={0}
            x2={width}
            y1={BASE}
            y2={BASE}
            className="stroke-line-strong"
            vectorEffect="non-scaling-stroke"
          />
          {fault !== undefined && (
            <line x1={fault} x2={fault} y1={0} y2={BASE} className="stroke-bad" vectorEffect="non-scaling-stroke" />
          )}
        </svg>
        <div aria-hidden className="absolute inset-x-0 bottom-0 h-6 text-2xs text-text-3">
          {fault !== undefined &&
            ticks.map((at) => {
              const place = fault + at / step;
              if (place < 0 || place > width * 0.97) return null;
              return (
                <span
                  key={at}
                  className="absolute -translate-x-1/2 pt-1 whitespace-nowrap"
                  style={{ left: percent(place) }}
                >
                  {at === 0 ? beginning : `+${formatGap(at)}`}
                </span>
              );
            })}
        </div>
      </div>
    </figure>
  );
}

/** Some four round moments after the fault. */
function ticksOf(lengthMs: number): number[] {
  const steps = [50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000];
  const step = steps.find((one) => lengthMs / one <= 5) ?? 60_000;
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step);
}
