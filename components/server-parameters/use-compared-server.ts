import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { serverKeyOf } from '@/lib/arm/resource-id';
import { configurationsQuery } from '@/lib/queries/configurations';

/** What another server's parameters are set to, by name; undefined while nothing is compared. */
export function useComparedServer(id: string | null) {
  const key = id ? serverKeyOf(id) : undefined;
  const query = useQuery({
    ...configurationsQuery(key ?? { subscriptionId: '', resourceGroup: '', serverName: '' }),
    enabled: key !== undefined,
  });
  const { data, error } = query;
  return useMemo(() => {
    if (!key) return undefined;
    const values =
      data && new Map(data.map(({ name, properties }) => [name, properties.value ?? properties.currentValue ?? '']));
    return { name: key.serverName, values, error: error && `${key.serverName}: ${error.message}` };
    // The key is made anew each time; the id says the same.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id, data, error]);
}
