interface SparklineProps {
  /** By time, evenly apart; null is a gap. */
  values: readonly (number | null)[];
  /** What the top stands for: 100 for percentages; the highest value otherwise. */
  top?: number;
  /** Says what it shows to who cannot see it. */
  label: string;
  height?: number;
}

const WIDTH = 100;

/** A line of the size of a word: how something went, without numbers. Gaps stay open. */
export function Sparkline({ values, top, label, height = 40 }: SparklineProps) {
  const numbers = values.filter((value) => value !== null);
  const most = Math.max(top ?? 0, ...numbers) || 1;
  const least = top === undefined ? Math.min(...numbers, most) : 0;
  // A flat line lies in the middle and not on an edge.
  const bottom = least === most ? 0 : least - (top === undefined ? (most - least) * 0.15 : 0);
  const scaleTop = least === most && top === undefined ? most * 2 : most;
  const x = (index: number) => (values.length < 2 ? 0 : (index / (values.length - 1)) * WIDTH);
  const y = (value: number) => 2 + (1 - (value - bottom) / (scaleTop - bottom || 1)) * (height - 4);
  const runs = runsOf(values);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${height}`}
      preserveAspectRatio="none"
      className="block w-full"
      style={{ height }}
    >
      {runs.map((run) => {
        const points = run.map(({ index, value }) => `${x(index).toFixed(2)} ${y(value).toFixed(2)}`);
        const first = x(run[0]!.index).toFixed(2);
        const last = x(run.at(-1)!.index).toFixed(2);
        // A single minute between gaps is a dot: a line of no length with round ends.
        const line = `M${points.join('L')}${run.length === 1 ? 'h0.01' : ''}`;
        return (
          <g key={first}>
            <path d={`M${first} ${height}L${points.join('L')}L${last} ${height}Z`} className="fill-accent-weak" />
            <path
              d={line}
              vectorEffect="non-scaling-stroke"
              className="fill-none stroke-series-1"
              strokeWidth={1.5}
              strokeLinejoin="round"
              strokeLinecap="round"
            />
          </g>
        );
      })}
    </svg>
  );
}

interface Place {
  index: number;
  value: number;
}

function runsOf(values: readonly (number | null)[]): Place[][] {
  const runs: Place[][] = [];
  let run: Place[] | undefined;
  values.forEach((value, index) => {
    if (value === null) run = undefined;
    else if (run) run.push({ index, value });
    else runs.push((run = [{ index, value }]));
  });
  return runs;
}
