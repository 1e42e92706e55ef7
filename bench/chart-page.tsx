import uPlot from 'uplot';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { warmUpCharts } from '../components/charts/chart-warm-up.ts';
import { TimeChart } from '../components/charts/time-chart.tsx';

const WIDTH = 720;
const HEIGHT = 240;
/** As the portal's; without them lines would be there and not painted. */
const STYLE = `:root { --line: #e5e7eb; --line-strong: #c5cad3; --text-3: #5c6675; --surface: #fff; --accent: #0a62c4 }`;
const COLORS = ['#0a62c4', '#c2410c', '#0f766e', '#7c3aed'];

/** Draws one of the two over data of the same values. Resolves when the browser has painted it. @returns milliseconds. */
async function draw(which: 'flexdeck' | 'uplot', points: number, withRange: boolean): Promise<number> {
  document.body.innerHTML = `<div id="chart" style="width:${WIDTH}px;height:${HEIGHT}px"></div>`;
  const element = document.querySelector<HTMLElement>('#chart')!;
  const { times, series } = data(points, withRange);
  await painted();
  const began = performance.now();
  if (which === 'uplot') {
    const axis = { label: 'x' };
    const chart = new uPlot(
      {
        width: WIDTH,
        height: HEIGHT,
        legend: { show: false },
        series: [axis, ...COLORS.map((stroke, index) => ({ label: `series ${index}`, stroke, width: 1.75 }))],
      },
      [times.map((time) => time / 1000), ...series.map(({ values }) => values)] as uPlot.AlignedData,
      element,
    );
    chart.root.dataset['points'] = String(points);
  } else {
    const root = createRoot(element);
    flushSync(() =>
      root.render(
        <TimeChart
          label="Benchmark"
          times={times}
          stepMs={times[1]! - times[0]!}
          series={series}
          format={(value) => value.toFixed(1)}
          events={[]}
          onZoom={() => {}}
          height={HEIGHT}
        />,
      ),
    );
  }
  await painted();
  return performance.now() - began;
}

/** The same walk for both: 30 days, with a gap. */
function data(points: number, withRange: boolean) {
  let state = 42;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const step = (30 * 86_400_000) / points;
  const from = Date.UTC(2026, 9, 1);
  const times = Array.from({ length: points }, (_, index) => from + index * step);
  const series = COLORS.map((_, place) => {
    let level = 20 * (place + 1);
    const values = times.map((_time, index) => {
      level = Math.max(0, Math.min(100, level + (random() - 0.5) * 4));
      return index > points * 0.6 && index < points * 0.62 ? null : level;
    });
    const beside = (by: number) => values.map((value) => value && value * by);
    return {
      id: `series${place}`,
      label: `series ${place}`,
      unit: 'Percent',
      values,
      range: withRange ? { minimum: beside(0.9), maximum: beside(1.1) } : undefined,
    };
  });
  return { times, series };
}

/** After the next frame's paint. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => resolve());
      port1.start();
      port2.postMessage(null);
    });
  });
}

/** As the blade does while it waits for its data. */
async function warmUp(): Promise<void> {
  await warmUpCharts();
  await painted();
}

document.head.append(
  Object.assign(document.createElement('style'), {
    textContent: STYLE + `:root { ${COLORS.map((color, index) => `--series-${index + 1}: ${color}`).join('; ')} }`,
  }),
);
Object.assign(window, { draw, painted, warmUp });
