import { ConfirmPane } from '@/components/servers/confirm-pane';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeDisableHighAvailability } from '@/lib/rules/server-changes';
import { costOfHighAvailability } from '@/lib/rules/server-estimate';
import type { HighAvailabilityActions } from './high-availability-actions';

interface DisablePaneProps {
  serverKey: ServerKey;
  server: Server;
  run: HighAvailabilityActions['disable'];
  /** Why it can't be disabled now. */
  problem: string | undefined;
  onClose: () => void;
}

/** The end of the standby, reviewed before it is sent. There as long as it is open. */
export function DisablePane({ serverKey, server, run, problem, onClose }: DisablePaneProps) {
  const { mode, standbyAvailabilityZone } = server.properties.highAvailability ?? {};
  return (
    <ConfirmPane
      server={serverKey}
      title="Disable high availability"
      doing={`Disabling high availability of ${serverKey.serverName}`}
      applyLabel="Disable"
      words="The standby and its copy of the data are removed. The server goes on without interruption; if it fails then, clients wait until it is back."
      change={describeDisableHighAvailability(
        serverKey,
        { mode: mode ?? 'Disabled', standbyAvailabilityZone },
        costOfHighAvailability(server, 'Disabled'),
      )}
      run={run}
      problem={problem}
      isOpen
      onClose={onClose}
    />
  );
}
