import { useQueryClient } from '@tanstack/react-query';
import { ChangePane } from '@/components/servers/change-pane';
import { notify } from '@/components/ui/toast';
import type { Session } from '@/lib/arm/local/session';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import { usePermission } from '@/lib/queries/permissions';
import { describeKillSession } from '@/lib/rules/session-changes';
import type { QueryInsightsActions } from './query-insights-actions';

export interface Doomed {
  session: Session;
  kind: 'connection' | 'query';
}

/** Why sessions can't be ended by this person; undefined when they can. */
export function useKillProblem(server: ServerKey): string | undefined {
  return usePermission(serverId(server), 'Flexdeck.Local/sessions/kill/action');
}

/** Ending a session, reviewed before it is done. */
export function KillPane({
  server,
  doomed,
  kill,
  onClose,
}: {
  server: ServerKey;
  doomed: Doomed;
  kill: QueryInsightsActions['kill'];
  onClose: () => void;
}) {
  const { session, kind } = doomed;
  const action = useArmAction(kill);
  const client = useQueryClient();
  const problem = useKillProblem(server);
  const apply = async () => {
    const result = await action.run(server, session.connectionId, kind);
    void client.invalidateQueries({ queryKey: keyOf(apiPaths.sessions(server)) });
    if (!result.ok) return;
    notify('ok', kind === 'query' ? 'The statement was ended' : `Session ${session.connectionId} was ended`);
    onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={
        kind === 'query'
          ? `End the statement of session ${session.connectionId}`
          : `End session ${session.connectionId}`
      }
      subtitle={server.serverName}
      change={describeKillSession(server, session, kind)}
      applyLabel={kind === 'query' ? 'End statement' : 'End session'}
      applyDisabledReason={problem}
      onApply={() => void apply()}
      pending={action.pending}
      error={action.error}
    >
      <p>
        {session.user}
        {session.clientAddress ? ` from ${session.clientAddress}` : ''}
        {session.statement ? ' runs:' : ' runs nothing right now.'}
      </p>
      {session.statement && (
        <pre className="font-mono text-sm break-words whitespace-pre-wrap">{session.statement}</pre>
      )}
    </ChangePane>
  );
}
