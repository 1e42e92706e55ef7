import { useQueries } from '@tanstack/react-query';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import type { FleetServer } from '@/lib/rules/fleet';
import { serverKeyOf } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { zonesQuery } from '@/lib/queries/zones';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { shortLocation } from '@/lib/rules/zones';

/** Says which zones are lost on purpose where the fleet has servers; nothing where none is. */
export function LostZones({ servers }: { servers: readonly FleetServer[] }) {
  const first = servers.map(({ id }) => serverKeyOf(id)).find((key) => key !== undefined);
  const isLocal = useFlexdeckLocal(first?.subscriptionId ?? '');
  const places = new Map(
    servers.flatMap(({ id, location }) => {
      const key = serverKeyOf(id);
      return key
        ? [[`${key.subscriptionId} ${shortLocation(location)}`, { key, location: shortLocation(location) }]]
        : [];
    }),
  );
  const found = [...places.values()];
  const zones = useQueries({
    queries: found.map(({ key, location }) => ({
      ...zonesQuery(key.subscriptionId, location),
      enabled: isLocal,
      refetchInterval: 30_000,
    })),
  });
  const lost = zones.flatMap(({ data }, index) =>
    (data ?? [])
      .filter(({ properties }) => properties.state === 'Lost')
      .map((zone) => ({ zone, key: found[index]!.key })),
  );
  return lost.map(({ zone, key }) => (
    <Notice
      key={zone.id}
      tone="warn"
      title={`Zone ${zone.name} of ${zone.properties.location} is lost.`}
      action={<Link href={paths.server(key, 'high-availability')}>Bring it back</Link>}
    >
      {zone.properties.lostBy} rehearses its loss. Servers whose primary is there, and that have no standby elsewhere,
      cannot be reached until it is back.
    </Notice>
  ));
}
