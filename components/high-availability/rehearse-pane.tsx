import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange } from '@/components/servers/use-server-change';
import { NumberField } from '@/components/ui/number-field';
import { RadioCards } from '@/components/ui/radio-cards';
import type { RehearsalKind } from '@/lib/arm/local/failover-rehearsal';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeRehearsal, rehearsalLabel, rehearsalName, REHEARSALS } from '@/lib/rules/failover-rehearsals';
import type { HighAvailabilityActions } from './high-availability-actions';

const MOST_WRITERS = 16;

interface RehearsePaneProps {
  server: ServerKey;
  run: HighAvailabilityActions['rehearse'];
  /** Why none can be begun now. */
  problem: string | undefined;
  onClose: () => void;
}

/** Begins a failover rehearsal, after saying that it is a real failover. There as long as it is open. */
export function RehearsePane({ server, run, problem, onClose }: RehearsePaneProps) {
  const [kind, setKind] = useState<RehearsalKind>('Planned');
  const [writers, setWriters] = useState(4);
  // Named by when the pane was opened: what the review shows is what is sent.
  const [openedAt] = useState(() => new Date());
  const change = useServerChange(server, run);
  const name = rehearsalName(kind, openedAt);
  const outOfRange = !(writers >= 1 && writers <= MOST_WRITERS);
  const close = () => {
    change.reset();
    onClose();
  };
  const apply = async () => {
    const title = `Rehearsing a failover of ${server.serverName} (${rehearsalLabel(kind).toLowerCase()})`;
    if (await change.submit(title, server, { name, kind, writers })) close();
  };
  return (
    <ChangePane
      isOpen
      onClose={close}
      title="Rehearse a failover"
      subtitle={server.serverName}
      change={describeRehearsal(server, { name, kind, writers: writers || 0 })}
      applyLabel="Rehearse now"
      applyDisabledReason={problem ?? (outOfRange && `Choose 1 to ${MOST_WRITERS} writers first.`)}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>
        Writers of the control plane add numbered rows through the server’s own address while it really fails over. Then
        every row that was acknowledged is looked for on both sides. They write to a schema of their own, with an
        account of their own; both are removed at the end.
      </p>
      <RadioCards
        label="How the primary is lost"
        columns={2}
        options={[...REHEARSALS]}
        value={kind}
        onChange={(id) => setKind(id as RehearsalKind)}
      />
      <NumberField
        label="Writers"
        layout="stack"
        description="Sessions that write at the same time, each some 200 rows a second at most."
        value={writers}
        onChange={setWriters}
        min={1}
        max={MOST_WRITERS}
        error={outOfRange && `Between 1 and ${MOST_WRITERS}.`}
      />
    </ChangePane>
  );
}
