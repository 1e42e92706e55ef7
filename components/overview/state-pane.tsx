import { ChangePane } from '@/components/servers/change-pane';
import { useServer } from '@/components/servers/use-server';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Link } from '@/components/ui/link';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { describeRestart, describeStart, describeStop } from '@/lib/rules/server-changes';

const ACTIONS = {
  start: { verb: 'Start', doing: 'Starting', describe: describeStart },
  stop: { verb: 'Stop', doing: 'Stopping', describe: describeStop },
  restart: { verb: 'Restart', doing: 'Restarting', describe: describeRestart },
};

interface StatePaneProps {
  server: ServerKey;
  action: keyof typeof ACTIONS;
  /** The server action that does it. */
  run: BeginAction<[ServerKey]>;
  /** Why it can't be done now. */
  problem: string | undefined;
  onClose: () => void;
}

/** Start, stop or restart, reviewed before it is sent. There as long as it is open. */
export function StatePane({ server, action, run, problem, onClose }: StatePaneProps) {
  const { verb, doing, describe } = ACTIONS[action];
  const change = useServerChange(server, run);
  const mode = useServer(server).data?.properties.highAvailability?.mode;
  const hasStandby = mode !== undefined && mode !== null && mode !== 'Disabled';
  const apply = async () => {
    if (await change.submit(`${doing} ${server.serverName}`, server)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={`${verb} ${server.serverName}`}
      change={describe(server)}
      applyLabel={verb}
      applyDisabledReason={problem}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
      width="normal"
    >
      {action === 'restart' && hasStandby && (
        <p className="text-text-2">
          To go on with the standby instead of waiting for the restart,{' '}
          <Link href={paths.server(server, 'high-availability', 'failover')}>fail over</Link>.
        </p>
      )}
    </ChangePane>
  );
}
