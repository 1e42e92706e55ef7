import { useQueryClient } from '@tanstack/react-query';
import { notify } from '@/components/ui/toast';
import type { ActionGroup } from '@/lib/arm/insights/action-groups';
import type { AlertState } from '@/lib/arm/insights/alerts';
import type { MetricAlert, MetricAlertProperties } from '@/lib/arm/insights/metric-alerts';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { useArmAction, type ActionFailure } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';

/** A server action of this page. Pages hand them down, since components don't import `app`. */
type Action<Arguments extends unknown[], Value = unknown> = (
  token: string,
  ...args: Arguments
) => Promise<{ ok: true; value: Value } | { ok: false; error: ActionFailure }>;

/** The server actions of the Alerts page. */
export interface AlertActions {
  putAlertRule: Action<[id: string, MetricAlertProperties, tags?: MetricAlert['tags']]>;
  deleteAlertRule: Action<[id: string]>;
  putActionGroup: Action<[id: string, ActionGroup['properties'], tags?: ActionGroup['tags']]>;
  deleteActionGroup: Action<[id: string]>;
  testActionGroup: Action<[ActionGroup], { statusUrl: string | null }>;
  renewSigningSecret: Action<[groupId: string], string>;
  setAlertState: Action<[alertId: string, AlertState]>;
  muteServer: Action<[ServerKey, until: string | null]>;
  unmuteServer: Action<[mutingId: string]>;
}

/** Sends a change that is done when it is answered, and reads anew what it changed. */
export function useAlertChange<Arguments extends unknown[], Value>(
  server: ServerKey,
  action: Action<Arguments, Value>,
) {
  const { run, pending, error, reset } = useArmAction(action);
  const client = useQueryClient();
  return {
    pending,
    error,
    reset,
    /** The action's answer; undefined when it was refused, and then `error` says why. */
    submit: async (done: string | null, ...args: Arguments): Promise<{ value: Value } | undefined> => {
      const result = await run(...args);
      if (!result.ok) return undefined;
      if (done) notify('ok', done);
      await Promise.all([
        client.invalidateQueries({ queryKey: keyOf(apiPaths.server(server)) }),
        client.invalidateQueries({ queryKey: keyOf(apiPaths.actionGroups(server.subscriptionId)) }),
      ]);
      return { value: result.value };
    },
  };
}
