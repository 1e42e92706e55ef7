import { useQuery } from '@tanstack/react-query';
import { Sparkline } from '@/components/charts/sparkline';
import { useServer } from '@/components/servers/use-server';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import type { MetricData } from '@/lib/arm/insights/metrics';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { lastHourQuery } from '@/lib/queries/metrics';
import { formatBytes } from '@/lib/rules/bytes';
import { formatMetric } from '@/lib/rules/metric-values';
import { findSku } from '@/lib/rules/skus';

/** In one request, which whoever needs one of them shares. */
export const LAST_HOUR_METRICS = [
  'cpu_percent',
  'memory_percent',
  'active_connections',
  'io_consumption_percent',
  'storage_used',
];
const HEIGHT = 40;
/** A value is there within two; the machine may be busy. */
const CURRENT_MINUTES = 5;

/** The last hour in five small pictures; each leads to its chart. */
export function LastHour({ server }: { server: ServerKey }) {
  const query = useQuery(lastHourQuery(server, LAST_HOUR_METRICS, 'Average'));
  const { data: details } = useServer(server);
  const connections = findSku(details?.sku?.name ?? '')?.maxConnections.default;
  const storageGiB = details?.properties.storage?.storageSizeGB;
  const tiles = [
    { name: 'cpu_percent', label: 'CPU', top: 100 },
    { name: 'memory_percent', label: 'Memory', top: 100 },
    { name: 'active_connections', label: 'Connections', of: connections?.toLocaleString('en-US') },
    { name: 'io_consumption_percent', label: 'IO', top: 100 },
    { name: 'storage_used', label: 'Storage used', of: storageGiB ? formatBytes(storageGiB * 1024 ** 3) : undefined },
  ];
  return (
    <section aria-label="The last hour">
      <QueryRegion query={query} skeleton={<TilesSkeleton />}>
        {(data) => (
          <ul className={GRID}>
            {tiles.map((tile) => (
              <Tile key={tile.name} server={server} data={data} {...tile} />
            ))}
          </ul>
        )}
      </QueryRegion>
    </section>
  );
}

const GRID = 'grid grid-cols-2 gap-3 max-md:[&>:last-child]:col-span-2 md:grid-cols-3 lg:grid-cols-5';
const TILE = 'min-w-0 rounded-card border border-line bg-surface px-3.5 py-[11px]';

interface TileProps {
  server: ServerKey;
  data: MetricData;
  name: string;
  label: string;
  top?: number;
  of?: string;
}

function Tile({ server, data, name, label, top, of }: TileProps) {
  const series = data.series.find((one) => one.name === name);
  const values = series?.values ?? [];
  // What was measured before it stopped is not what it does now.
  const newest = values.slice(-CURRENT_MINUTES).findLast((value) => value !== null);
  const words =
    newest == null
      ? undefined
      : formatMetric(name === 'active_connections' ? Math.round(newest) : newest, series!.unit);
  return (
    <li className={TILE}>
      <Link href={`${paths.server(server, 'metrics')}?charts=${name}~Average`}>{label}</Link>
      <p className="text-xl font-semibold">
        {words ?? '–'} {of && words && <span className="text-xs font-normal text-text-3">of {of}</span>}
        {!words && <span className="text-xs font-normal text-text-3">no current sample</span>}
      </p>
      <Sparkline
        values={values}
        top={top}
        height={HEIGHT}
        label={words ? `${label} over the last hour, now ${words}` : `${label} over the last hour, no current sample`}
      />
    </li>
  );
}

function TilesSkeleton() {
  return (
    <Loading label="Loading the last hour">
      <div className={GRID}>
        {LAST_HOUR_METRICS.map((name) => (
          <div key={name} className={TILE}>
            <div className="h-5">
              <Skeleton width={70} />
            </div>
            <div className="h-7">
              <Skeleton width={56} height={20} />
            </div>
            <Skeleton height={HEIGHT} />
          </div>
        ))}
      </div>
    </Loading>
  );
}
