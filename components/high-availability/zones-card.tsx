import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { loadModal } from '@/components/ui/dialog';
import { onIntent } from '@/components/ui/on-intent';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { Zone } from '@/lib/arm/local/zone';
import { FLEXDECK_LOCAL } from '@/lib/arm/flexdeck-local';
import { usePermission } from '@/lib/queries/permissions';
import { zonesQuery } from '@/lib/queries/zones';
import { zoneContents } from '@/lib/rules/zones';
import type { HighAvailabilityActions } from './high-availability-actions';

const loadPane = () => import('./zone-pane');
const ZonePane = dynamic(() => import('./zone-pane').then((module) => module.ZonePane));

interface ZonesCardProps {
  subscriptionId: string;
  /** In its short form. */
  location: string;
  run: HighAvailabilityActions['changeZone'];
}

/** Zones of the server's location: one can be lost on purpose, to see what that does, and brought back. */
export function ZonesCard({ subscriptionId, location, run }: ZonesCardProps) {
  const query = useQuery({ ...zonesQuery(subscriptionId, location), refetchInterval: 10_000 });
  const [zone, setZone] = useQueryState('zone', parseAsString.withOptions({ history: 'push' }));
  const scope = `/subscriptions/${subscriptionId}`;
  const problems = {
    lose: usePermission(scope, `${FLEXDECK_LOCAL}/locations/zones/lose/action`),
    restore: usePermission(scope, `${FLEXDECK_LOCAL}/locations/zones/restore/action`),
  };
  const columns: SimpleColumn<Zone>[] = [
    {
      id: 'zone',
      header: 'Zone',
      render: (row) => (
        <>
          <span className="whitespace-nowrap">Zone {row.name}</span>
          <span className="block text-text-3">{zoneContents(row)}</span>
        </>
      ),
    },
    { id: 'state', header: 'State', render: (row) => <ZoneState zone={row} /> },
    {
      id: 'change',
      header: 'Change',
      headerHidden: true,
      align: 'right',
      render: ({ name, properties: { state } }) => (
        <Button
          onClick={() => void setZone(name)}
          {...onIntent(loadPane, loadModal)}
          disabledReason={state === 'Lost' ? problems.restore : problems.lose}
          aria-label={state === 'Lost' ? `Bring zone ${name} back` : `Lose zone ${name} (rehearsal)`}
        >
          {state === 'Lost' ? 'Bring it back' : 'Lose it'}
        </Button>
      ),
    },
  ];
  const chosen = query.data?.find(({ name }) => name === zone);
  return (
    <Card title="Loss of a zone (rehearsal)" aside={query.data?.[0]?.properties.location} flush>
      <QueryRegion query={query} skeleton={<SkeletonRows rows={3} columns={3} />}>
        {(data) => (
          <SimpleTable caption="Zones of the location" columns={columns} rows={data} rowId={({ name }) => name} />
        )}
      </QueryRegion>
      {chosen && (
        <ZonePane
          zone={chosen}
          subscriptionId={subscriptionId}
          location={location}
          run={run}
          problem={chosen.properties.state === 'Lost' ? problems.restore : problems.lose}
          onClose={() => void setZone(null)}
        />
      )}
    </Card>
  );
}

function ZoneState({ zone: { properties } }: { zone: Zone }) {
  if (properties.state === 'Available') return <Pill tone="ok">Available</Pill>;
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Pill tone="bad">Lost</Pill>
      <span className="text-xs text-text-3">
        {properties.lostTime && (
          <>
            since <Time value={properties.lostTime} />{' '}
          </>
        )}
        by {properties.lostBy}
      </span>
    </span>
  );
}
