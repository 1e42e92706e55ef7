import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { Combobox } from '@/components/ui/combobox';
import { IconButton } from '@/components/ui/icon-button';
import { serverKeyOf, serverId, type ServerKey } from '@/lib/arm/resource-id';
import { serversQuery } from '@/lib/queries/servers';
import { serverJoinProblem } from '@/lib/rules/metric-charts';

interface OtherServersProps {
  server: ServerKey;
  chosen: readonly ServerKey[];
  /** How many are shown of each. */
  metrics: number;
  onChange: (servers: ServerKey[]) => void;
}

/** Which servers are drawn beside this one. */
export function OtherServers({ server, chosen, metrics, onChange }: OtherServersProps) {
  const servers = useQuery(serversQuery(server.subscriptionId));
  const taken = new Set([server, ...chosen].map((key) => serverId(key).toLowerCase()));
  const options = (servers.data ?? []).flatMap(({ id, name }) => {
    const key = serverKeyOf(id);
    return key && !taken.has(serverId(key).toLowerCase()) ? [{ id, label: name, description: key.resourceGroup }] : [];
  });
  const problem = serverJoinProblem(Math.max(1, metrics), chosen.length);
  return (
    <div className="mb-3 grid gap-2">
      <Combobox
        label="Compare with another server"
        layout="stack"
        description={problem ?? 'The same metrics of it, in the same chart.'}
        // Empty again after each choice.
        key={chosen.length}
        options={options.map((option) => ({ ...option, disabledReason: problem }))}
        value={null}
        loading={servers.isPending}
        onChange={(id) => {
          const key = id === null ? undefined : serverKeyOf(id);
          if (key) onChange([...chosen, key]);
        }}
      />
      {chosen.length > 0 && (
        <ul className="grid gap-1" aria-label="Servers shown beside this one">
          {chosen.map((key, index) => (
            <li key={serverId(key)} className="flex items-center justify-between gap-2 rounded bg-sunken px-2.5 py-1">
              <span className="min-w-0 truncate">{key.serverName}</span>
              <IconButton
                icon={X}
                size={24}
                label={`Leave out ${key.serverName}`}
                onClick={() => onChange(chosen.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
