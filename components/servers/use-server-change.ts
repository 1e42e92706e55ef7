import { useQueryClient } from '@tanstack/react-query';
import { useOperations } from '@/components/blade/operations';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths, paths } from '@/lib/paths';
import { useArmAction, type ActionFailure } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';

interface Begun {
  operationUrl: string | null;
  resourceId: string;
  retryAfterSeconds: number;
}

/** A server action that begins a write. Pages hand them down, since components don't import `app`. */
export type BeginAction<Arguments extends unknown[]> = (
  token: string,
  ...args: Arguments
) => Promise<{ ok: true; value: Begun } | { ok: false; error: ActionFailure }>;

/**
 * Sends a change of a server and hands it to the bell.
 *
 *     const change = useServerChange(server, stopServer);
 *     if (await change.submit('Stopping orders', server)) onClose();
 */
export function useServerChange<Arguments extends unknown[]>(server: ServerKey, begin: BeginAction<Arguments>) {
  const action = useArmAction(begin);
  const { follow } = useOperations();
  const client = useQueryClient();
  return {
    pending: action.pending,
    error: action.error,
    reset: action.reset,
    /** True when ARM took it; otherwise `error` says why not. */
    submit: async (title: string, ...args: Arguments): Promise<boolean> => {
      const result = await action.run(...args);
      if (!result.ok) {
        // It may have been deleted elsewhere meanwhile; its blade says so.
        if (result.error.status === 404) {
          void client.invalidateQueries({ queryKey: keyOf(apiPaths.server(server)), exact: true });
        }
        return false;
      }
      follow({
        begun: result.value,
        title,
        href: paths.server(server),
        refresh: [apiPaths.server(server), apiPaths.servers(server.subscriptionId)],
      });
      return true;
    },
  };
}
