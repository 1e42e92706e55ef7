import { createElement, useEffect, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { axesOf, type ChartSeries } from './chart-model';
import type ChartPictureType from './chart-picture';
import type { ChartPictureProps } from './chart-picture';

type ChartPicture = typeof ChartPictureType;

let loaded: ChartPicture | undefined;
let loading: Promise<ChartPicture> | undefined;
let isWarm = false;

/** The library that draws is the heaviest thing of the portal: nothing waits for it but the picture itself. */
async function loadChartPicture(): Promise<ChartPicture> {
  loading ??= import('./chart-picture').then((module) => (loaded = module.default));
  try {
    return await loading;
  } catch (failure) {
    // The network may be back next time.
    loading = undefined;
    throw failure;
  }
}

/** The picture, as soon as what draws it has arrived. React's own `lazy` may hold its place for 300 ms more. */
export function ChartPictureWhenLoaded(props: ChartPictureProps): ReactNode {
  const [picture, setPicture] = useState(() => loaded);
  useEffect(() => {
    if (picture) return;
    let isGone = false;
    const show = (found: () => ChartPicture) => {
      isWarm = true;
      if (!isGone) setPicture(() => found());
    };
    loadChartPicture().then(
      (found) => show(() => found),
      // Thrown while it is drawn, it shows as any failure of the page.
      (failure) =>
        show(() => {
          throw failure;
        }),
    );
    return () => {
      isGone = true;
    };
  }, [picture]);
  return picture && createElement(picture, props);
}

/**
 * Draws one picture that nobody sees, once in a page and while there is nothing to draw yet: the browser has read and
 * prepared the drawing code when the data arrives, which halves what the first chart takes.
 */
export async function warmUpCharts(): Promise<void> {
  const picture = await loadChartPicture();
  if (isWarm) return;
  isWarm = true;
  const series = [SAMPLE];
  const root = createRoot(document.createElement('div'));
  flushSync(() =>
    root.render(
      createElement(picture, {
        label: '',
        times: TIMES,
        stepMs: 60_000,
        series,
        format: String,
        events: [{ at: 0, label: '', tone: 'off' }],
        thresholds: [{ unit: 'Count', value: 1 }],
        axes: axesOf(series, []),
        plot: { left: 0, top: 0, width: 600, height: 200 },
        width: 700,
        height: 240,
      }),
    ),
  );
  // recharts draws in more than one go.
  await new Promise((resolve) => setTimeout(resolve, 50));
  root.unmount();
}

const TIMES = Array.from({ length: 240 }, (_, index) => index * 60_000);
const values = TIMES.map((time, index) => (index === 30 || index === 32 ? null : time));
const SAMPLE: ChartSeries = { id: '', label: '', unit: 'Count', values, range: { minimum: values, maximum: values } };
