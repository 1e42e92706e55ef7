import { ServerStatePill } from '@/components/servers/server-state';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { paths } from '@/lib/paths';
import { countFacet, type Facet, type FleetServer } from '@/lib/rules/fleet';

/** How many servers have which value; each line leads to them. */
export function FacetCard({ servers, facet, title }: { servers: readonly FleetServer[]; facet: Facet; title: string }) {
  const counts = countFacet(servers, facet);
  return (
    <Card title={title} flush>
      {counts.length === 0 ? (
        <p className="px-4 py-3 text-text-3">No servers</p>
      ) : (
        <ul>
          {counts.map(({ value, label, count }) => (
            <li key={value} className="border-b border-line last:border-0">
              <div className="flex items-center gap-3 px-4 py-[7px]">
                <span className="min-w-0 flex-1 truncate">
                  {facet === 'state' ? <ServerStatePill state={value} /> : label}
                </span>
                <span aria-hidden className="h-1.5 w-16 overflow-hidden rounded-full bg-sunken">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${Math.max(4, (count / servers.length) * 100)}%` }}
                  />
                </span>
                <Link
                  href={paths.servers({ [facet]: value })}
                  aria-label={`${count} ${count === 1 ? 'server' : 'servers'}: ${label}`}
                  className="min-w-8 py-0.5 text-right font-[560]"
                >
                  {count.toLocaleString('en-US')}
                </Link>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
