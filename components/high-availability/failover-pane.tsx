import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange } from '@/components/servers/use-server-change';
import { NumberField } from '@/components/ui/number-field';
import { RadioCards } from '@/components/ui/radio-cards';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeFailover, describeForcedFailover } from '@/lib/rules/server-changes';
import type { HighAvailabilityActions } from './high-availability-actions';

const MOST_SECONDS = 3600;

const KINDS = [
  {
    id: 'planned',
    label: 'Planned',
    description: 'What is under way finishes and is answered first. Then the two change places.',
  },
  {
    id: 'forced',
    label: 'Forced',
    description: 'The primary is ended at once, answered or not: for one that hangs, or to see what a loss is like.',
  },
];

interface FailoverPaneProps {
  server: ServerKey;
  zones: { primary: string; standby: string };
  actions: Pick<HighAvailabilityActions, 'failover' | 'force'>;
  /** Why neither can be done now. */
  problem: string | undefined;
  /** Why a forced one can't be done. */
  forcedProblem: string | undefined;
  onClose: () => void;
}

/**
 * The standby takes over because somebody asks for it: after the primary has finished, or without waiting for it. There as
 * long as it is open.
 */
export function FailoverPane({ server, zones, actions, problem, forcedProblem, onClose }: FailoverPaneProps) {
  const [kind, setKind] = useState('planned');
  const [seconds, setSeconds] = useState(0);
  const planned = useServerChange(server, actions.failover);
  const forced = useServerChange(server, actions.force);
  const isForced = kind === 'forced';
  const change = isForced ? forced : planned;
  const outOfRange = isForced && !(seconds >= 0 && seconds <= MOST_SECONDS);
  const apply = async () => {
    const title = `${isForced ? 'Forcing the failover of' : 'Failing over'} ${server.serverName}`;
    const sent = isForced ? forced.submit(title, server, seconds) : planned.submit(title, server);
    if (await sent) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Fail over to the standby"
      subtitle={server.serverName}
      change={isForced ? describeForcedFailover(server, zones, seconds || 0) : describeFailover(server, zones)}
      applyLabel={isForced ? 'Force failover' : 'Fail over'}
      applyDisabledReason={(isForced ? forcedProblem : problem) ?? (outOfRange && 'Give a number of seconds first.')}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>Either way no acknowledged commit is lost, and the address, certificate, accounts and firewall rules stay.</p>
      <RadioCards label="Kind" columns={2} options={KINDS} value={kind} onChange={setKind} />
      {isForced && (
        <NumberField
          label="Call it off after"
          layout="stack"
          unit="seconds"
          description="When the standby would need longer than this to take over, the primary goes on. 0: as long as it takes."
          value={seconds}
          onChange={setSeconds}
          min={0}
          max={MOST_SECONDS}
          error={outOfRange && `Between 0 and ${MOST_SECONDS} seconds.`}
        />
      )}
    </ChangePane>
  );
}
