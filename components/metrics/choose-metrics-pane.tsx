'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { SidePane } from '@/components/ui/dialog';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { SearchBox } from '@/components/ui/text-field';
import type { MetricDefinition } from '@/lib/arm/insights/metrics';
import type { ServerKey } from '@/lib/arm/resource-id';
import { bestAggregation, joinProblem, MOST_LINES, type ChartChoice } from '@/lib/rules/metric-charts';
import { OtherServers } from './other-servers';

interface ChooseMetricsPaneProps {
  server: ServerKey;
  /** Absent for a new chart. */
  chart: ChartChoice | undefined;
  query: { data: MetricDefinition[] | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };
  onClose: () => void;
  onChoose: (chart: ChartChoice) => void;
}

/** Which metrics a chart shows. */
export function ChooseMetricsPane({ server, chart, query, onClose, onChoose }: ChooseMetricsPaneProps) {
  const [chosen, setChosen] = useState<string[]>(chart?.metrics ?? []);
  const [servers, setServers] = useState<ServerKey[]>(chart?.servers ?? []);
  const [text, setText] = useState('');
  const definitions = query.data ?? [];
  const apply = () => {
    const aggregation =
      chart && chart.metrics.some((name) => chosen.includes(name))
        ? chart.aggregation
        : bestAggregation(chosen, definitions);
    onChoose({ metrics: chosen, aggregation, ...(servers.length > 0 && { servers }) });
  };
  const toggle = (name: string) =>
    setChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <SidePane
      isOpen
      onClose={onClose}
      title={chart ? 'Choose metrics' : 'Add chart'}
      subtitle={`Up to ${MOST_LINES} lines, in one or two units`}
      footer={
        <>
          <Button variant="primary" onClick={apply} disabledReason={chosen.length === 0 && 'Choose a metric first.'}>
            {chart ? 'Show these' : 'Add chart'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <OtherServers server={server} chosen={servers} metrics={chosen.length} onChange={setServers} />
      <QueryRegion query={query} skeleton={<SkeletonRows rows={10} columns={1} />}>
        {(all) => {
          const found = all.filter((metric) => words(metric).includes(text.toLowerCase()));
          return (
            <>
              <SearchBox label="Find a metric" value={text} onChange={setText} className="mb-2 max-w-none!" />
              {found.length === 0 && <EmptyState title="No metric matches">Try another word.</EmptyState>}
              {Object.entries(Object.groupBy(found, ({ category }) => category ?? 'Other')).map(
                ([category, metrics]) => (
                  <fieldset key={category} className="mb-3">
                    <legend className="mb-1 text-xs font-semibold text-text-2">{category}</legend>
                    {metrics!.map((metric) => (
                      <Checkbox
                        key={metric.name.value}
                        className="flex!"
                        label={metric.name.localizedValue ?? metric.name.value}
                        description={metric.displayDescription}
                        checked={chosen.includes(metric.name.value)}
                        onChange={() => toggle(metric.name.value)}
                        disabledReason={joinProblem(metric, chosen, all, servers.length)}
                      />
                    ))}
                  </fieldset>
                ),
              )}
            </>
          );
        }}
      </QueryRegion>
    </SidePane>
  );
}

function words({ name, displayDescription }: MetricDefinition): string {
  return `${name.value} ${name.localizedValue ?? ''} ${displayDescription ?? ''}`.toLowerCase();
}
