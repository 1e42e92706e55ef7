import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange } from '@/components/servers/use-server-change';
import { RadioCards } from '@/components/ui/radio-cards';
import { Select } from '@/components/ui/select';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { capabilitiesQuery } from '@/lib/queries/capabilities';
import { findOfferedSize, locationOffer, type HighAvailabilityMode } from '@/lib/rules/location-offer';
import { describeEnableHighAvailability } from '@/lib/rules/server-changes';
import { costOfHighAvailability } from '@/lib/rules/server-estimate';
import type { HighAvailabilityActions } from './high-availability-actions';

const MODES: { id: HighAvailabilityMode; label: string; description: string }[] = [
  {
    id: 'ZoneRedundant',
    label: 'Zone redundant',
    description: 'A standby in another zone. Survives the loss of a zone.',
  },
  { id: 'SameZone', label: 'Same zone', description: 'A standby beside the primary. Survives the loss of the server.' },
];
const ANY = 'any';

interface EnablePaneProps {
  serverKey: ServerKey;
  server: Server;
  run: HighAvailabilityActions['enable'];
  /** Why it can't be enabled now. */
  problem: string | undefined;
  onClose: () => void;
}

/** A standby for a server that has none: which kind, and where. There as long as it is open. */
export function EnablePane({ serverKey, server, run, problem, onClose }: EnablePaneProps) {
  const [wanted, setWanted] = useState<HighAvailabilityMode>('ZoneRedundant');
  const [zone, setZone] = useState(ANY);
  const change = useServerChange(serverKey, run);
  const location = server.location.replaceAll(' ', '').toLowerCase();
  const query = useQuery(capabilitiesQuery(serverKey.subscriptionId, location));
  const size = query.data && findOfferedSize(locationOffer(query.data), server.sku?.name ?? '');
  const offered = size?.highAvailabilityModes;
  // Until something is chosen that is offered, what is offered is chosen.
  const mode = offered && !offered.includes(wanted) ? (offered[0] ?? wanted) : wanted;
  const primary = server.properties.availabilityZone;
  const zones = (size?.zones ?? []).filter((one) => one !== primary);
  const standbyAvailabilityZone = mode === 'ZoneRedundant' && zone !== ANY ? zone : undefined;
  const highAvailability = { mode, ...(standbyAvailabilityZone && { standbyAvailabilityZone }) };
  const apply = async () => {
    const title = `Enabling high availability of ${serverKey.serverName}`;
    if (await change.submit(title, serverKey, highAvailability)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Enable high availability"
      subtitle={serverKey.serverName}
      change={describeEnableHighAvailability(serverKey, highAvailability, costOfHighAvailability(server, mode))}
      applyLabel="Enable"
      applyDisabledReason={problem}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>The server goes on while its standby is made from a copy of its data. Compute and storage are billed twice.</p>
      <RadioCards
        label="Mode"
        columns={2}
        value={mode}
        onChange={(id) => setWanted(id as HighAvailabilityMode)}
        options={MODES.map((one) => ({
          ...one,
          disabledReason: offered && !offered.includes(one.id) && 'Not offered for this size in this location.',
        }))}
      />
      {mode === 'ZoneRedundant' && (
        <Select
          label="Standby zone"
          layout="stack"
          loading={query.isLoading}
          description={primary ? `The server is in zone ${primary}.` : undefined}
          options={[{ id: ANY, label: 'No preference' }, ...zones.map((one) => ({ id: one, label: `Zone ${one}` }))]}
          value={zone}
          onChange={setZone}
        />
      )}
    </ChangePane>
  );
}
