import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { useServerKey } from '@/components/servers/server-key';
import type { Server } from '@/lib/arm/mysql/server';
import { serverId, serverKeyOf } from '@/lib/arm/resource-id';
import { serversQuery } from '@/lib/queries/servers';
import { PARAMETER_LISTS, type ParameterList } from '@/lib/rules/server-parameters';

const LISTS = Object.entries(PARAMETER_LISTS) as [ParameterList, string][];

/** Which parameters are listed. */
export function ListSelect({ value, onChange }: { value: ParameterList; onChange: (list: ParameterList) => void }) {
  return (
    <select
      aria-label="Show"
      className="control h-[30px]! w-auto!"
      value={value}
      onChange={(event) => onChange(event.target.value as ParameterList)}
    >
      {LISTS.map(([id, label]) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** With which server's values these are compared. @param value a resource id. */
export function CompareSelect({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const key = useServerKey();
  const { chosen } = useChosenSubscriptions();
  const servers = useQueries({
    queries: chosen.map(({ subscriptionId }) => serversQuery(subscriptionId)),
    combine: toServers,
  });
  const own = serverId(key).toLowerCase();
  return (
    <select
      aria-label="Compare with"
      className="control h-[30px]! w-auto! max-w-64"
      value={value?.toLowerCase() ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">Compare with …</option>
      {servers
        .filter(({ id }) => id.toLowerCase() !== own)
        .map(({ id, name }) => (
          <option key={id} value={id.toLowerCase()}>
            {name} ({serverKeyOf(id)?.resourceGroup})
          </option>
        ))}
    </select>
  );
}

function toServers(lists: UseQueryResult<Server[]>[]): Server[] {
  return lists.flatMap(({ data }) => data ?? []);
}
