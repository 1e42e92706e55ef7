import { useMemo, useSyncExternalStore } from 'react';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { readCharts, writeCharts, type ChartChoice } from '@/lib/rules/metric-charts';

const MOST = 6;
const changes = new EventTarget();

/** The charts that somebody wants on a server's overview. Kept in this browser. */
export function usePinnedCharts(server: ServerKey) {
  const storageKey = `flexdeck.pinned-charts:${serverId(server).toLowerCase()}`;
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(storageKey) ?? '',
    () => '',
  );
  const charts = useMemo(() => readCharts(text).slice(0, MOST), [text]);
  const write = (next: readonly ChartChoice[]) => {
    localStorage.setItem(storageKey, writeCharts(next));
    changes.dispatchEvent(new Event('change'));
  };
  const isPinned = (chart: ChartChoice) => charts.some((one) => writeCharts([one]) === writeCharts([chart]));
  return {
    charts,
    /** Why a chart cannot be pinned; undefined when it can. */
    problem: (chart: ChartChoice): string | undefined => {
      if (isPinned(chart)) return 'It is on the overview already.';
      return charts.length >= MOST ? `There are ${MOST} pinned charts already: unpin one on the overview.` : undefined;
    },
    pin: (chart: ChartChoice) => write([...charts, chart]),
    unpin: (index: number) => write(charts.toSpliced(index, 1)),
  };
}

function subscribe(listener: () => void): () => void {
  changes.addEventListener('change', listener);
  window.addEventListener('storage', listener);
  return () => {
    changes.removeEventListener('change', listener);
    window.removeEventListener('storage', listener);
  };
}
