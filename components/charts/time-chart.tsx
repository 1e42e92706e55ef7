'use client';

import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ChartCursor } from './chart-cursor';
import { axesOf, type TimeChartProps } from './chart-model';
import { AXIS_HEIGHT, AXIS_WIDTH, MARGIN, type Plot } from './chart-scale';
import { ChartPictureWhenLoaded } from './chart-warm-up';

const NO_THRESHOLDS: NonNullable<TimeChartProps['thresholds']> = [];

/**
 * Lines over time. Gaps stay open, a single sample between gaps is a dot. Drag to zoom; with the chart focused, the
 * arrow keys move a cursor from sample to sample, and what it stands on is read out.
 *
 * recharts draws the picture's frame, once for what it shows. The cursor lies over it, so that moving it draws nothing of the
 * picture again.
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
      left: MARGIN.left + AXIS_WIDTH,
      top: MARGIN.top,
      width: Math.max(1, width - MARGIN.left - MARGIN.right - AXIS_WIDTH * Math.max(1, axes.length)),
      height: height - MARGIN.top - AXIS_HEIGHT,
    }),
    [width, height, axes.length],
  );
  return (
    // The height is said before the width is known, so that nothing moves.
    <div ref={frame} style={{ height }} className="relative select-none">
      {width > 0 && times.length > 0 && (
        <>
          <ChartPictureWhenLoaded
            {...{ label, times, stepMs, series, format, events, thresholds, axes, plot, width, height }}
          />
          <ChartCursor {...{ label, times, stepMs, series, format, events, axes, plot, width, height, onZoom }} />
        </>
      )}
    </div>
  );
}
