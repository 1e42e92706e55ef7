import { useMemo } from 'react';
import { useServerKey } from '@/components/servers/server-key';
import { useFleet } from '@/components/servers/use-fleet';
import { serverId } from '@/lib/arm/resource-id';
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
  const { servers } = useFleet();
  const own = serverId(key).toLowerCase();
  const others = useMemo(() => servers.filter(({ id }) => id !== own), [servers, own]);
  return (
    <select
      aria-label="Compare with"
      className="control h-[30px]! w-auto! max-w-64"
      value={value?.toLowerCase() ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
    >
      <option value="">Compare with …</option>
      {others.map(({ id, name, group }) => (
        <option key={id} value={id}>
          {name} ({group})
        </option>
      ))}
    </select>
  );
}
