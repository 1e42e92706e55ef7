import { useQueryClient } from '@tanstack/react-query';
import { useServerPlan } from '@/components/servers/use-server-plan';
import type { ErrorWords } from '@/components/ui/states';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import type { ParameterEdits, ServerParameter } from '@/lib/rules/server-parameters';
import type { ParameterActions } from './parameter-actions';

interface Save {
  parameters: readonly ServerParameter[];
  edits: ParameterEdits;
  /** Once MySQL has them. */
  restart: boolean;
  /** ARM took it; how it ends is told by `error`, or by `onSaved`. */
  onAccepted: () => void;
  onSaved: () => void;
}

/** Sends a batch of parameters, and restarts the server after it where that is wanted. */
export function useSaveParameters(server: ServerKey, actions: ParameterActions) {
  const plan = useServerPlan();
  const update = useArmAction(actions.update);
  const restarting = useArmAction(actions.restart);
  const client = useQueryClient();
  const { serverName } = server;
  const refresh = () => client.invalidateQueries({ queryKey: keyOf(apiPaths.server(server)) });

  const save = async ({ parameters, edits, restart, onAccepted, onSaved }: Save) => {
    plan.reset();
    const { configurationsForUpdate } = await import('@/lib/rules/parameter-changes');
    const value = configurationsForUpdate(parameters, edits);
    const failed = await plan.run([
      {
        id: 'update',
        server,
        title: `Changing ${value.length === 1 ? 'a parameter' : `${value.length} parameters`} of ${serverName}`,
        begin: async () => {
          const result = await update.run(server, value);
          if (result.ok) onAccepted();
          return result;
        },
      },
    ]);
    await refresh();
    if (failed > 0) return;
    onSaved();
    if (!restart) return;
    const title = `Restarting ${serverName}`;
    await plan.run([{ id: 'restart', server, title, begin: () => restarting.run(server) }]);
    await refresh();
  };

  const state = plan.states['update'];
  const error: ErrorWords | null = state && 'error' in state ? state.error : null;
  return { save, pending: plan.pending, error, reset: plan.reset };
}
