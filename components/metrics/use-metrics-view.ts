import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { DEFAULT_CHARTS, readCharts, writeCharts, type ChartChoice } from '@/lib/rules/metric-charts';
import { autoGrain, grainProblem, GRAINS, RANGES, spanOf, type Grain, type TimeChoice } from '@/lib/rules/metric-time';

const GRAIN_IDS = ['auto', ...GRAINS.map(({ id }) => id)] as const;

const PARAMETERS = {
  range: parseAsStringLiteral(RANGES.map(({ id }) => id)),
  from: parseAsInteger,
  to: parseAsInteger,
  grain: parseAsStringLiteral(GRAIN_IDS).withDefault('auto'),
  charts: parseAsString,
  events: parseAsStringLiteral(['off']),
  /** The chart whose metrics are being chosen; as many as there are charts: a new one. */
  edit: parseAsInteger,
};

/** What the blade shows, all of it in the address: a copied address shows the same. */
export function useMetricsView() {
  const [view, setView] = useQueryStates(PARAMETERS, { history: 'push' });
  const isCustom = view.range === null && view.from !== null && view.to !== null && view.from < view.to;
  const time: TimeChoice = isCustom
    ? { range: null, from: view.from, to: view.to }
    : { range: view.range ?? 'PT1H', from: null, to: null };
  const charts = view.charts === null ? [...DEFAULT_CHARTS] : readCharts(view.charts);
  const setCharts = (next: readonly ChartChoice[]) => void setView({ charts: writeCharts(next), edit: null });
  return {
    time,
    grainChoice: view.grain,
    charts,
    showsEvents: view.events === null,
    edited: view.edit,
    setRange: (range: (typeof RANGES)[number]['id']) => void setView({ range, from: null, to: null }),
    setTimes: (from: number, to: number) =>
      void setView({ range: null, from: Math.floor(from), to: Math.ceil(to), grain: 'auto' }),
    setGrain: (grain: (typeof GRAIN_IDS)[number]) => void setView({ grain }),
    setEvents: (shown: boolean) => void setView({ events: shown ? null : 'off' }),
    setEdited: (edit: number | null) => void setView({ edit }),
    addChart: (chart: ChartChoice) => setCharts([...charts, chart]),
    setChart: (index: number, chart: ChartChoice) => setCharts(charts.with(index, chart)),
    removeChart: (index: number) => setCharts(charts.toSpliced(index, 1)),
  };
}

export type MetricsView = ReturnType<typeof useMetricsView>;

/** The grain in force: the chosen one where it fits the time, else the finest that does. */
export function grainOf({ time, grainChoice }: Pick<MetricsView, 'time' | 'grainChoice'>, mostPoints: number): Grain {
  const span = spanOf(time);
  const chosen = GRAINS.find(({ id }) => id === grainChoice);
  return chosen && !grainProblem(span, chosen) ? chosen : autoGrain(span, mostPoints);
}
