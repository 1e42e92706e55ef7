'use client';

import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { ChevronDown, Download, Image as ImageIcon, MoreHorizontal, Table2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { chartImage, download } from '@/components/charts/chart-image';
import type { ChartEvent, ChartSeries } from '@/components/charts/chart-model';
import { warmUpCharts } from '@/components/charts/chart-warm-up';
import { TimeChart } from '@/components/charts/time-chart';
import { useServer } from '@/components/servers/use-server';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { Menu } from '@/components/ui/menu';
import type { MenuItem } from '@/components/ui/menu-popover';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { notify } from '@/components/ui/toast';
import { AGGREGATIONS } from '@/lib/arm/insights/aggregations';
import type { MetricData, MetricDefinition } from '@/lib/arm/insights/metrics';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { metricsQuery } from '@/lib/queries/metrics';
import { mergeServers, type ChartChoice } from '@/lib/rules/metric-charts';
import { metricCsv } from '@/lib/rules/metric-csv';
import type { Grain, TimeChoice } from '@/lib/rules/metric-time';
import { AGGREGATION_LABELS, formatMetric } from '@/lib/rules/metric-values';
import { ChartLegend } from './chart-legend';
import { MetricTable } from './metric-table';

const HEIGHT = 240;
const NO_SERVERS: ServerKey[] = [];

interface ChartCardProps {
  server: ServerKey;
  chart: ChartChoice;
  time: TimeChoice;
  grain: Grain;
  definitions: readonly MetricDefinition[] | undefined;
  events: readonly ChartEvent[];
  /** Absent where nothing of it can be changed. */
  onChange?: (chart: ChartChoice) => void;
  /** What else can be done with it. */
  items: readonly MenuItem[];
  onZoom: (from: number, to: number) => void;
}

/** One chart, as a picture or as a table. */
export function ChartCard({
  server,
  chart,
  time,
  grain,
  definitions,
  events,
  items,
  onChange,
  onZoom,
}: ChartCardProps) {
  const { metrics, aggregation, servers = NO_SERVERS } = chart;
  const keys = [server, ...servers];
  const results = useQueries({
    queries: keys.map((key) => ({
      ...metricsQuery(key, { metrics, aggregation, grain, ...time }),
      placeholderData: keepPreviousData,
    })),
  });
  const own = results[0]!;
  const parts = results.map(({ data }) => data);
  const data = useMemo(
    () =>
      mergeServers(keys.flatMap(({ serverName }, index) => (parts[index] ? { serverName, data: parts[index] } : []))),
    // Both are new arrays each time, of the same things.
    // oxlint-disable-next-line react/exhaustive-deps
    [...parts, keys.map(serverId).join()],
  );
  const query = { ...own, data: own.data && data };
  const missing = results.flatMap(({ error, data: known }, index) =>
    index > 0 && error && !known ? keys[index]! : [],
  );
  const [isTable, setTable] = useState(false);
  const picture = useRef<HTMLDivElement>(null);
  const title = metrics.map((name) => displayName(name, own.data, definitions)).join(', ');
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
  const shown = useMemo(() => (data ? within(events, data, grain) : []), [events, data, grain]);
  const noData = !query.data && 'There is nothing to save yet.';

  return (
    <Card
      title={own.data || own.isError || definitions ? title : <Skeleton width={180} height={18} />}
      aside={
        <>
          {onChange && (
            <Menu
              label="Aggregation"
              sections={[
                {
                  title: 'Aggregation',
                  items: AGGREGATIONS.map((each) => ({
                    id: each,
                    label: AGGREGATION_LABELS[each]!,
                    checked: each === aggregation,
                    onSelect: () => onChange({ ...chart, aggregation: each }),
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
          )}
          <Menu
            label={`Chart of ${title}`}
            sections={[
              {
                items: [
                  ...items.filter(({ tone }) => tone !== 'danger'),
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
                  ...items.filter(({ tone }) => tone === 'danger'),
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
            {missing.length > 0 && (
              <Notice tone="warn">
                {missing.map(({ serverName }) => serverName).join(', ')} could not be read, and{' '}
                {missing.length === 1 ? 'is' : 'are'} not shown.
              </Notice>
            )}
            <ChartLegend series={data.series} aggregation={aggregation} />
            {isTable ? (
              <MetricTable label={title} data={data} />
            ) : (
              <div ref={picture} className="px-2 pb-1">
                <TimeChart
                  label={`${title}, ${AGGREGATION_LABELS[aggregation]} by ${grain.label}`}
                  times={data.times}
                  stepMs={grain.ms}
                  series={linesOf(data)}
                  format={aggregation === 'Count' ? String : formatMetric}
                  events={shown}
                  onZoom={onZoom}
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

const lines = new WeakMap<MetricData, ChartSeries[]>();

/** The same list for the same data: a chart that is given the same draws nothing. */
function linesOf(data: MetricData): ChartSeries[] {
  let found = lines.get(data);
  if (!found) {
    found = data.series.map(({ name, displayName: label, ...one }) => ({ id: name, label, ...one }));
    lines.set(data, found);
  }
  return found;
}

function ChartSkeleton() {
  useEffect(() => {
    // Where it does not arrive, the chart itself says so.
    warmUpCharts().catch(() => {});
  }, []);
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
