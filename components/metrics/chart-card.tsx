'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronDown, Download, Image as ImageIcon, ListChecks, MoreHorizontal, Table2, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRef, useState } from 'react';
import { chartImage, download } from '@/components/charts/chart-image';
import type { ChartEvent } from '@/components/charts/time-chart';
import { useServer } from '@/components/servers/use-server';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { Menu } from '@/components/ui/menu';
import { QueryRegion } from '@/components/ui/query-region';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { notify } from '@/components/ui/toast';
import { AGGREGATIONS } from '@/lib/arm/insights/aggregations';
import type { MetricData, MetricDefinition } from '@/lib/arm/insights/metrics';
import type { ServerKey } from '@/lib/arm/resource-id';
import { metricsQuery } from '@/lib/queries/metrics';
import type { ChartChoice } from '@/lib/rules/metric-charts';
import { metricCsv } from '@/lib/rules/metric-csv';
import type { Grain, TimeChoice } from '@/lib/rules/metric-time';
import { AGGREGATION_LABELS, formatMetric } from '@/lib/rules/metric-values';
import { ChartLegend } from './chart-legend';
import { MetricTable } from './metric-table';

const HEIGHT = 240;

// A hundred kilobytes: fetched with the first chart, and not with the portal.
const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((module) => module.TimeChart), {
  ssr: false,
  loading: () => <ChartSkeleton />,
});

interface ChartCardProps {
  server: ServerKey;
  chart: ChartChoice;
  time: TimeChoice;
  grain: Grain;
  definitions: readonly MetricDefinition[] | undefined;
  events: readonly ChartEvent[];
  onChange: (chart: ChartChoice) => void;
  onEdit: () => void;
  onRemove: () => void;
  onZoom: (from: number, to: number) => void;
}

/** One chart, as a picture or as a table. */
export function ChartCard({ server, chart, time, grain, definitions, events, ...on }: ChartCardProps) {
  const { metrics, aggregation } = chart;
  const query = useQuery({
    ...metricsQuery(server, { metrics, aggregation, grain, ...time }),
    placeholderData: keepPreviousData,
  });
  const [isTable, setTable] = useState(false);
  const picture = useRef<HTMLDivElement>(null);
  const title = metrics.map((name) => displayName(name, query.data, definitions)).join(', ');
  const fileName = `${server.serverName}-${metrics.join('-')}`;

  const saveCsv = () => {
    if (query.data) download(new Blob([metricCsv(query.data, aggregation)], { type: 'text/csv' }), `${fileName}.csv`);
  };
  const savePicture = async () => {
    if (!picture.current || !query.data) return;
    try {
      const entries = query.data.series.map(({ displayName: label }, index) => ({
        label: `${label} (${AGGREGATION_LABELS[aggregation]})`,
        color: `var(--series-${index + 1})`,
      }));
      download(await chartImage(picture.current, { title: server.serverName, entries }), `${fileName}.png`);
    } catch (failure) {
      notify('bad', 'The picture could not be made', { description: (failure as Error).message });
    }
  };
  const noData = !query.data && 'There is nothing to save yet.';

  return (
    <Card
      title={title}
      aside={
        <>
          <Menu
            label="Aggregation"
            sections={[
              {
                title: 'Aggregation',
                items: AGGREGATIONS.map((each) => ({
                  id: each,
                  label: AGGREGATION_LABELS[each]!,
                  checked: each === aggregation,
                  onSelect: () => on.onChange({ metrics, aggregation: each }),
                })),
              },
            ]}
          >
            {(trigger) => (
              <Button
                variant="quiet"
                {...trigger}
                aria-label={`Aggregation of ${title}: ${AGGREGATION_LABELS[aggregation]}`}
              >
                {AGGREGATION_LABELS[aggregation]}
                <ChevronDown size={14} aria-hidden />
              </Button>
            )}
          </Menu>
          <Menu
            label={`Chart of ${title}`}
            sections={[
              {
                items: [
                  { id: 'edit', label: 'Choose metrics', icon: ListChecks, onSelect: on.onEdit },
                  {
                    id: 'table',
                    label: isTable ? 'Show as chart' : 'Show as table',
                    icon: Table2,
                    onSelect: () => setTable(!isTable),
                  },
                  { id: 'csv', label: 'Save as CSV', icon: Download, onSelect: saveCsv, disabledReason: noData },
                  {
                    id: 'png',
                    label: 'Save as PNG',
                    icon: ImageIcon,
                    onSelect: () => void savePicture(),
                    disabledReason: noData || (isTable && 'Show it as a chart first.'),
                  },
                  { id: 'remove', label: 'Remove chart', icon: Trash2, tone: 'danger', onSelect: on.onRemove },
                ],
              },
            ]}
          >
            {(trigger) => <IconButton icon={MoreHorizontal} label={`More for ${title}`} {...trigger} />}
          </Menu>
        </>
      }
      flush
    >
      <QueryRegion
        query={query}
        skeleton={<ChartSkeleton />}
        isEmpty={({ series }) => series.every(({ values }) => values.every((value) => value === null))}
        empty={<NothingMeasured server={server} />}
      >
        {(data) => (
          <div aria-busy={query.isPlaceholderData} className={query.isPlaceholderData ? 'opacity-60' : undefined}>
            <ChartLegend series={data.series} aggregation={aggregation} />
            {isTable ? (
              <MetricTable label={title} data={data} />
            ) : (
              <div ref={picture} className="px-2 pb-1">
                <TimeChart
                  label={`${title}, ${AGGREGATION_LABELS[aggregation]} by ${grain.label}`}
                  times={data.times}
                  stepMs={grain.ms}
                  series={data.series.map(({ name, displayName: label, unit, values }) => ({
                    id: name,
                    label,
                    unit,
                    values,
                  }))}
                  format={aggregation === 'Count' ? String : formatMetric}
                  events={within(events, data, grain)}
                  onZoom={on.onZoom}
                  height={HEIGHT}
                />
              </div>
            )}
          </div>
        )}
      </QueryRegion>
    </Card>
  );
}

function ChartSkeleton() {
  return (
    <Loading>
      <div className="grid gap-3 px-4 py-3">
        <Skeleton width={180} height={18} />
        <Skeleton height={HEIGHT - 12} />
      </div>
    </Loading>
  );
}

function NothingMeasured({ server }: { server: ServerKey }) {
  const { data } = useServer(server);
  const state = data?.properties.state;
  return (
    <EmptyState title="Nothing was measured in this time">
      {state === 'Stopped' || state === 'Disabled'
        ? 'A server is measured while it runs, and this one is stopped. Start it, or choose an earlier time.'
        : 'A running server is measured every minute, for thirty days. A new one has its first sample within two minutes.'}
    </EmptyState>
  );
}

function displayName(
  name: string,
  data: MetricData | undefined,
  definitions: readonly MetricDefinition[] | undefined,
): string {
  return (
    data?.series.find((one) => one.name === name)?.displayName ??
    definitions?.find((one) => one.name.value === name)?.name.localizedValue ??
    name
  );
}

function within(events: readonly ChartEvent[], { times }: MetricData, { ms }: Grain): ChartEvent[] {
  const first = times[0] ?? 0;
  const last = (times.at(-1) ?? 0) + ms;
  return events.filter(({ at }) => at >= first && at < last);
}
