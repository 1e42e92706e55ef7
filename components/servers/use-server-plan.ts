import { useState } from 'react';
import { useOperations } from '@/components/blade/operations';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths, paths } from '@/lib/paths';
import type { ActionFailure } from '@/lib/queries/action';
import { operationEnd } from '@/lib/queries/operations';
import { runPlan, type PlanState } from '@/lib/queries/run-plan';

interface Begun {
  operationUrl: string | null;
  resourceId: string;
  retryAfterSeconds: number;
}

/** One write of a plan, about one server. */
export interface PlannedWrite {
  /** Under which its state is found. */
  id: string;
  server: ServerKey;
  /** "Stopping orders": for the bell. */
  title: string;
  /** From `useArmAction`. */
  begin: () => Promise<{ ok: true; value: Begun } | { ok: false; error: ActionFailure }>;
}

/** Sends the writes of a plan, hands each to the bell, and knows how far each one is. */
export function useServerPlan() {
  const { follow } = useOperations();
  const [states, setStates] = useState<Readonly<Record<string, PlanState>>>({});
  const [pending, setPending] = useState(false);
  const setState = (id: string, state: PlanState) => setStates((known) => ({ ...known, [id]: state }));
  return {
    states,
    setState,
    pending,
    reset: () => setStates({}),
    /** Resolves at the end of the last operation, with how many did not succeed. */
    run: async (steps: readonly PlannedWrite[]): Promise<number> => {
      setPending(true);
      setStates((known) => ({
        ...known,
        ...Object.fromEntries(steps.map(({ id }): [string, PlanState] => [id, { status: 'waiting' }])),
      }));
      try {
        return await runPlan({
          steps,
          begin: async ({ begin, title, server }) => {
            const result = await begin();
            if (result.ok) {
              const refresh = [apiPaths.server(server), apiPaths.servers(server.subscriptionId)];
              follow({ begun: result.value, title, href: paths.server(server), refresh });
            }
            return result;
          },
          ended: operationEnd,
          onState: ({ id }, state) => setState(id, state),
        });
      } finally {
        setPending(false);
      }
    },
  };
}
