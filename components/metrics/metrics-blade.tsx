'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarRange, ChartLine, ListChecks, Pin, Plus, Trash2 } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import type { Command } from '@/components/blade/command-bar';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Switch } from '@/components/ui/checkbox';
import { Select } from '@/components/ui/select';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import { notify } from '@/components/ui/toast';
import { metricDefinitionsQuery } from '@/lib/queries/metrics';
import { MOST_CHARTS, type ChartChoice } from '@/lib/rules/metric-charts';
import { grainProblem, GRAINS, RANGES, spanOf } from '@/lib/rules/metric-time';
import { ChartCard } from './chart-card';
import { ChooseMetricsPane } from './choose-metrics-pane';
import { TimeRangeDialog } from './time-range-dialog';
import { usePinnedCharts } from './pinned-charts';
import { useMetricEvents } from './use-metric-events';
import { grainOf, useMetricsView, type MetricsView } from './use-metrics-view';

/** How the server went: charts of what was measured, by the minute, for thirty days. */
export function MetricsBlade() {
  const key = useServerKey();
  const view = useMetricsView();
  const definitions = useQuery(metricDefinitionsQuery(key));
  const [asksTimes, setAsksTimes] = useState(false);
  const isNarrow = useIsNarrow();
  const grain = grainOf(view, isNarrow ? 360 : 720);
  const events = useMetricEvents(key, view.time, view.showsEvents);
  const pins = usePinnedCharts(key);
  const pin = (chart: ChartChoice) => {
    pins.pin(chart);
    notify('ok', 'Pinned to the overview', { description: 'It shows the last hour there, in this browser.' });
  };
  const commands: Command[] = [
    {
      id: 'add',
      label: 'Add chart',
      icon: Plus,
      onSelect: () => view.setEdited(view.charts.length),
      disabledReason: view.charts.length >= MOST_CHARTS && `There are ${MOST_CHARTS} charts already.`,
    },
    { id: 'times', label: 'Choose times', icon: CalendarRange, onSelect: () => setAsksTimes(true) },
  ];
  return (
    <ServerBlade title="Metrics" width="wide" commands={commands}>
      <Controls view={view} grainId={grain.id} onTimes={() => setAsksTimes(true)} />
      {view.charts.length === 0 && (
        <Card>
          <EmptyState
            icon={ChartLine}
            title="There is no chart"
            action={
              <Button variant="primary" icon={Plus} onClick={() => view.setEdited(0)}>
                Add chart
              </Button>
            }
          >
            Choose what to see of this server; it is measured every minute.
          </EmptyState>
        </Card>
      )}
      <div className="grid gap-[18px] xl:grid-cols-2">
        {view.charts.map((chart, index) => (
          <ChartCard
            // Two charts may show the same; what they show moves with them, so their place is who they are.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            server={key}
            chart={chart}
            time={view.time}
            grain={grain}
            definitions={definitions.data}
            events={events}
            onChange={(next) => view.setChart(index, next)}
            items={[
              { id: 'edit', label: 'Choose metrics', icon: ListChecks, onSelect: () => view.setEdited(index) },
              {
                id: 'pin',
                label: 'Pin to the overview',
                icon: Pin,
                onSelect: () => pin(chart),
                disabledReason: pins.problem(chart),
              },
              {
                id: 'remove',
                label: 'Remove chart',
                icon: Trash2,
                tone: 'danger',
                onSelect: () => view.removeChart(index),
              },
            ]}
            onZoom={view.setTimes}
          />
        ))}
      </div>
      {view.edited !== null && view.edited >= 0 && view.edited <= view.charts.length && (
        <ChooseMetricsPane
          key={view.edited}
          server={key}
          chart={view.charts[view.edited]}
          query={definitions}
          onClose={() => view.setEdited(null)}
          onChoose={(chart) =>
            view.edited! < view.charts.length ? view.setChart(view.edited!, chart) : view.addChart(chart)
          }
        />
      )}
      <TimeRangeDialog
        isOpen={asksTimes}
        time={view.time}
        onClose={() => setAsksTimes(false)}
        onChoose={view.setTimes}
      />
    </ServerBlade>
  );
}

/** Which time, how fine, and whether what happened is marked in it. */
function Controls({ view, grainId, onTimes }: { view: MetricsView; grainId: string; onTimes: () => void }) {
  const { time, grainChoice } = view;
  const span = spanOf(time);
  const isInBrowser = useIsInBrowser();
  const auto = GRAINS.find(({ id }) => id === grainId)!;
  const ranges = [...RANGES.map(({ id, label }) => ({ id, label })), { id: 'custom', label: 'Times of your own…' }];
  const grains = [
    { id: 'auto', label: `Automatic (${auto.label})` },
    ...GRAINS.map((grain) => ({ id: grain.id, label: grain.label, disabledReason: grainProblem(span, grain) })),
  ];
  return (
    <div className="flex flex-wrap items-end gap-x-3">
      <div className="w-48">
        <Select
          label="Time"
          layout="stack"
          options={ranges}
          value={time.range ?? 'custom'}
          onChange={(id) => {
            const range = RANGES.find((each) => each.id === id);
            if (range) view.setRange(range.id);
            else onTimes();
          }}
        />
      </div>
      <div className="w-48">
        <Select
          label="Granularity"
          layout="stack"
          options={grains}
          value={grainChoice !== 'auto' && grainChoice === grainId ? grainChoice : 'auto'}
          onChange={(id) => view.setGrain(id as MetricsView['grainChoice'])}
        />
      </div>
      <div className="pb-2">
        <Switch label="Mark what happened" checked={view.showsEvents} onChange={view.setEvents} />
      </div>
      <p className="pb-3 text-text-3">
        {time.range === null && time.from !== null && time.to !== null
          ? isInBrowser && (
              <>
                <Time value={time.from} /> – <Time value={time.to} />
              </>
            )
          : 'The newest minute arrives by itself.'}
        {isInBrowser && <span> Times in {Intl.DateTimeFormat().resolvedOptions().timeZone}.</span>}
      </p>
    </div>
  );
}

/** The server, which draws the page first, knows no time zone. */
function useIsInBrowser(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}

const NARROW = '(max-width: 640px)';

function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const query = matchMedia(NARROW);
      query.addEventListener('change', onChange);
      return () => query.removeEventListener('change', onChange);
    },
    () => matchMedia(NARROW).matches,
    () => false,
  );
}
