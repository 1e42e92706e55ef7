import { useQuery } from '@tanstack/react-query';
import { ChartLine, PinOff } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { ChartCard } from '@/components/metrics/chart-card';
import { usePinnedCharts } from '@/components/metrics/pinned-charts';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { metricDefinitionsQuery } from '@/lib/queries/metrics';
import { writeCharts } from '@/lib/rules/metric-charts';
import { GRAINS } from '@/lib/rules/metric-time';

const LAST_HOUR = { range: 'PT1H', from: null, to: null };

/** The charts that were pinned in Metrics, over the last hour. */
export function PinnedCharts({ server }: { server: ServerKey }) {
  const { charts, unpin } = usePinnedCharts(server);
  const router = useRouter();
  const definitions = useQuery({ ...metricDefinitionsQuery(server), enabled: charts.length > 0 });
  if (charts.length === 0) return null;
  const open = (query: Record<string, string>) =>
    router.push(`${paths.server(server, 'metrics')}?${new URLSearchParams(query)}`);
  return (
    <section aria-label="Pinned charts" className="grid gap-[18px] xl:grid-cols-2 [&>*]:min-w-0">
      {charts.map((chart, index) => (
        <ChartCard
          key={writeCharts([chart])}
          server={server}
          chart={chart}
          time={LAST_HOUR}
          grain={GRAINS[0]}
          definitions={definitions.data}
          events={[]}
          items={[
            {
              id: 'open',
              label: 'Open in Metrics',
              icon: ChartLine,
              onSelect: () => open({ charts: writeCharts([chart]) }),
            },
            { id: 'unpin', label: 'Unpin', icon: PinOff, onSelect: () => unpin(index) },
          ]}
          onZoom={(from, to) => open({ charts: writeCharts([chart]), from: String(from), to: String(to) })}
        />
      ))}
    </section>
  );
}
