import { useQueries } from '@tanstack/react-query';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { money } from '@/components/servers/size/money';
import { Card } from '@/components/ui/card';
import { useNow } from '@/components/ui/time';
import { fleetBackupStorageQuery } from '@/lib/queries/backup-storage';
import { fleetSchedulesQuery } from '@/lib/queries/schedules';
import { fleetCost } from '@/lib/rules/fleet-cost';
import { countFacet, facetValueLabel, type FleetServer } from '@/lib/rules/fleet';

/** What the servers cost a month by list price, as they are now and as they are scheduled. */
export function CostCard({ servers }: { servers: readonly FleetServer[] }) {
  const { chosen } = useChosenSubscriptions();
  const queries = useQueries({ queries: chosen.map(({ subscriptionId }) => fleetSchedulesQuery(subscriptionId)) });
  const backups = useQueries({
    queries: chosen.map(({ subscriptionId }) => fleetBackupStorageQuery(subscriptionId)),
  }).flatMap(({ data }) => data ?? []);
  const now = useNow(false);
  const cost = fleetCost(
    servers,
    queries.flatMap(({ data }) => data ?? []),
    now.getTime(),
    backups,
  );
  const unpriced = servers.filter(({ costPerMonth }) => costPerMonth === undefined).length;
  const stopped = servers.filter(({ state }) => state === 'Stopped').length;
  return (
    <Card title="A month" aside="list price" flush>
      <p className="px-4 pt-2.5 pb-1 text-xl font-[620]">≈ {money.format(cost.total)}</p>
      <ul>
        {countFacet(servers, 'tier').map(({ value }) => (
          <li key={value} className="flex gap-3 px-4 py-1">
            <span className="min-w-0 flex-1 truncate text-text-2">{facetValueLabel('tier', value)}</span>
            <span>{money.format(cost.byTier.get(value) ?? 0)}</span>
          </li>
        ))}
        {cost.backups > 0 && (
          <li className="flex gap-3 px-4 py-1">
            <span className="min-w-0 flex-1 text-text-2">of which backups beyond the storage</span>
            <span>{money.format(cost.backups)}</span>
          </li>
        )}
        {cost.scheduled > 0 && (
          <li className="flex gap-3 px-4 py-1 text-ok">
            <span className="min-w-0 flex-1">
              Saved by schedules of {cost.scheduled} {cost.scheduled === 1 ? 'server' : 'servers'}
            </span>
            <span>{money.format(cost.saved)}</span>
          </li>
        )}
      </ul>
      <p className="px-4 pt-1 pb-3 text-xs text-text-3">
        Compute, storage and paid IOPS, twice with high availability
        {backups.length > 0
          ? '; backups, as far as they take more than the size of the storage.'
          : '. What backups take beyond the size of the storage is not counted.'}
        {stopped > 0 &&
          ` ${stopped.toLocaleString('en-US')} stopped ${stopped === 1 ? 'server counts' : 'servers count'} with storage alone, unless scheduled.`}
        {unpriced > 0 &&
          ` ${unpriced.toLocaleString('en-US')} of a size without a price ${unpriced === 1 ? 'is' : 'are'} left out.`}
      </p>
    </Card>
  );
}
