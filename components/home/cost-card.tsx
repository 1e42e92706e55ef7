import { Card } from '@/components/ui/card';
import { countFacet, facetValueLabel, type FleetServer } from '@/lib/rules/fleet';

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** What the servers cost a month by list price, as they are now. */
export function CostCard({ servers }: { servers: readonly FleetServer[] }) {
  const total = sum(servers);
  const unpriced = servers.filter(({ costPerMonth }) => costPerMonth === undefined).length;
  const stopped = servers.filter(({ state }) => state === 'Stopped').length;
  return (
    <Card title="A month" aside="list price" flush>
      <p className="px-4 pt-2.5 pb-1 text-xl font-[620]">≈ {dollars.format(total)}</p>
      <ul>
        {countFacet(servers, 'tier').map(({ value }) => (
          <li key={value} className="flex gap-3 px-4 py-1">
            <span className="min-w-0 flex-1 truncate text-text-2">{facetValueLabel('tier', value)}</span>
            <span>{dollars.format(sum(servers.filter(({ tier }) => tier === value)))}</span>
          </li>
        ))}
      </ul>
      <p className="px-4 pt-1 pb-3 text-xs text-text-3">
        Compute, storage and paid IOPS.
        {stopped > 0 &&
          ` ${stopped.toLocaleString('en-US')} stopped ${stopped === 1 ? 'server counts' : 'servers count'} with storage alone.`}
        {unpriced > 0 &&
          ` ${unpriced.toLocaleString('en-US')} of a size without a price ${unpriced === 1 ? 'is' : 'are'} left out.`}
      </p>
    </Card>
  );
}

function sum(servers: readonly FleetServer[]): number {
  return servers.reduce((total, { costPerMonth }) => total + (costPerMonth ?? 0), 0);
}
