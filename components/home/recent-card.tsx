import { useRecentServers } from '@/components/servers/recent-servers';
import { ServerStatePill } from '@/components/servers/server-state';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { serverId } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import type { FleetServer } from '@/lib/rules/fleet';

interface RecentCardProps {
  servers: readonly FleetServer[];
  /** Some servers may be missing from the list: those that are not in it may still exist. */
  isPartial: boolean;
}

/** Servers that were looked at last in this browser, but for those that are gone. */
export function RecentCard({ servers, isPartial }: RecentCardProps) {
  const known = new Map(servers.map((server) => [server.id, server]));
  const recent = useRecentServers()
    .map((entry) => ({ ...entry, server: known.get(serverId(entry.key).toLowerCase()) }))
    .filter(({ server }) => server !== undefined || isPartial);
  return (
    <Card title="Recently used" aside={<Link href={paths.servers()}>All servers</Link>} flush>
      {recent.length === 0 ? (
        <p className="px-4 py-3 text-text-3">Servers that you open are listed here.</p>
      ) : (
        <ul>
          {recent.map(({ key, at, server }) => (
            <li
              key={serverId(key)}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-[7px] last:border-0"
            >
              <Link href={paths.server(key)} className="min-w-0 flex-1 basis-28 truncate">
                {key.serverName}
              </Link>
              <ServerStatePill state={server?.state} />
              <span className="ml-auto w-24 text-right text-xs text-text-3">
                <Time value={at} mode="relative" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
