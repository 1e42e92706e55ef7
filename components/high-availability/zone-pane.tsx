import { useQueryClient } from '@tanstack/react-query';
import { ChangePane } from '@/components/servers/change-pane';
import { notify } from '@/components/ui/toast';
import type { Zone } from '@/lib/arm/local/zone';
import { useArmAction } from '@/lib/queries/action';
import { describeZoneChange } from '@/lib/rules/zones';
import type { HighAvailabilityActions } from './high-availability-actions';

interface ZonePaneProps {
  subscriptionId: string;
  /** In its short form. */
  location: string;
  run: HighAvailabilityActions['changeZone'];
  zone: Zone;
  /** Why it can't be done. */
  problem: string | undefined;
  onClose: () => void;
}

/** Losing a zone, or bringing it back, reviewed before it is done. There as long as it is open. */
export function ZonePane({ zone, subscriptionId, location, run, problem, onClose }: ZonePaneProps) {
  const client = useQueryClient();
  const action = useArmAction(run);
  // What is asked stays what was asked, though the state has changed meanwhile.
  const how = zone.properties.state === 'Lost' ? 'restore' : 'lose';
  const key = { subscriptionId, location, zone: zone.name };
  const words =
    how === 'lose'
      ? `Everything of Flexdeck that runs in zone ${zone.name} is ended with kill -9, in all of ${zone.properties.location}, and stays down until you bring the zone back. New servers are refused there. No data is deleted.`
      : `Servers of zone ${zone.name} start again, and standbys in it catch up.`;
  const apply = async () => {
    const result = await action.run(key, how);
    if (!result.ok) return;
    notify('ok', how === 'lose' ? `Zone ${zone.name} is lost` : `Zone ${zone.name} is back`);
    onClose();
    await client.invalidateQueries({ queryKey: ['subscriptions'] });
    await client.invalidateQueries({ queryKey: ['servers'] });
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={how === 'lose' ? `Lose zone ${zone.name}` : `Bring zone ${zone.name} back`}
      subtitle={zone.properties.location}
      change={describeZoneChange(key, how)}
      applyLabel={how === 'lose' ? 'Lose the zone' : 'Bring it back'}
      applyDisabledReason={problem}
      onApply={() => void apply()}
      pending={action.pending}
      error={action.error}
    >
      <p>{words}</p>
    </ChangePane>
  );
}
