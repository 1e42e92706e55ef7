import { money } from '@/components/servers/size/money';
import { ServerStatePill } from '@/components/servers/server-state';
import { CopyButton } from '@/components/ui/copy-button';
import type { DataColumn } from '@/components/ui/table-columns';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { paths } from '@/lib/paths';
import { facetValueLabel, facetValues, type FleetServer } from '@/lib/rules/fleet';

/** Every column of the grid, in their order. */
export const COLUMNS: DataColumn<FleetServer>[] = [
  {
    id: 'name',
    header: 'Name',
    render: (row) => (
      <Link href={paths.server(row.key)} title={row.name}>
        {row.name}
      </Link>
    ),
    sortBy: (row) => row.name,
    width: 'minmax(190px, 3fr)',
    fixed: true,
    rowHeader: true,
  },
  {
    id: 'state',
    header: 'State',
    render: (row) => <ServerStatePill state={row.state} />,
    sortBy: (row) => row.state,
    width: 'minmax(118px, 0.8fr)',
  },
  {
    id: 'size',
    header: 'Size',
    render: (row) => (
      <>
        {facetValueLabel('tier', row.tier)} <span className="text-text-3">· {row.size.replace('Standard_', '')}</span>
      </>
    ),
    sortBy: (row) => `${row.tier} ${row.size}`,
    width: 'minmax(200px, 1.4fr)',
  },
  {
    id: 'version',
    header: 'MySQL',
    render: (row) => row.version,
    sortBy: (row) => row.version,
    width: 'minmax(100px, 0.5fr)',
  },
  {
    id: 'ha',
    header: 'High availability',
    render: (row) => facetValueLabel('ha', row.highAvailability),
    sortBy: (row) => row.highAvailability,
    width: 'minmax(150px, 0.8fr)',
    hidden: true,
  },
  {
    id: 'location',
    header: 'Location',
    render: (row) => facetValueLabel('location', row.location),
    sortBy: (row) => facetValueLabel('location', row.location),
  },
  {
    id: 'group',
    header: 'Resource group',
    render: (row) => row.group,
    sortBy: (row) => row.group,
    width: 'minmax(140px, 1fr)',
  },
  {
    id: 'subscription',
    header: 'Subscription',
    render: (row) => row.subscription,
    sortBy: (row) => row.subscription,
    width: 'minmax(150px, 1fr)',
  },
  {
    id: 'endpoint',
    header: 'Endpoint',
    render: (row) =>
      row.endpoint === '' ? (
        '–'
      ) : (
        <span className="flex items-center gap-1">
          <span className="truncate font-mono text-sm">{row.endpoint}</span>
          <CopyButton text={row.endpoint} label={`Copy the endpoint of ${row.name}`} />
        </span>
      ),
    sortBy: (row) => row.endpoint,
    width: 'minmax(190px, 1.2fr)',
    hidden: true,
  },
  {
    id: 'storage',
    header: 'Storage',
    align: 'right',
    render: (row) => (row.storageGiB === undefined ? '–' : `${row.storageGiB.toLocaleString('en-US')} GiB`),
    sortBy: (row) => row.storageGiB,
    width: 'minmax(100px, 0.6fr)',
    hidden: true,
  },
  {
    id: 'tags',
    header: 'Tags',
    render: (row) => facetValues(row, 'tag').join(', ') || '–',
    sortBy: (row) => facetValues(row, 'tag').join(', '),
    width: 'minmax(160px, 1.2fr)',
    hidden: true,
  },
  {
    id: 'created',
    header: 'Created',
    render: (row) => (row.createdAt ? <Time value={row.createdAt} /> : '–'),
    sortBy: (row) => (row.createdAt ? new Date(row.createdAt) : undefined),
    width: 'minmax(150px, 1fr)',
    hidden: true,
  },
  {
    id: 'cost',
    header: 'A month',
    align: 'right',
    render: (row) => (row.costPerMonth === undefined ? '–' : money.format(row.costPerMonth)),
    sortBy: (row) => row.costPerMonth,
    width: 'minmax(100px, 0.6fr)',
    hidden: true,
  },
];

export const USUALLY_HIDDEN = COLUMNS.filter(({ hidden }) => hidden).map(({ id }) => id);
