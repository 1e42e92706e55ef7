import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { formatUtc } from '@/components/ui/format-time';
import { TextField } from '@/components/ui/text-field';
import { Time } from '@/components/ui/time';
import type { Maintenance } from '@/lib/arm/mysql/maintenance';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeReschedule, startTimeProblem } from '@/lib/rules/maintenance-changes';

interface ReschedulePaneProps {
  server: ServerKey;
  maintenance: Maintenance;
  isNow: boolean;
  run: BeginAction<[ServerKey, name: string, startTime: string]>;
  disabledReason: string | undefined;
  onClose: () => void;
}

/** Another time for a maintenance, or now. */
export function ReschedulePane({ server, maintenance, isNow, run, disabledReason, onClose }: ReschedulePaneProps) {
  const { maintenanceStartTime, maintenanceAvailableScheduleMaxTime: latest } = maintenance.properties;
  const [opened] = useState(() => new Date().toISOString());
  const [local, setLocal] = useState(() => localInput(maintenanceStartTime));
  const change = useServerChange(server, run);
  const chosen = new Date(local);
  const startTime = isNow ? opened : Number.isNaN(chosen.getTime()) ? '' : chosen.toISOString();
  const isSame = !isNow && startTime !== '' && Date.parse(startTime) === Date.parse(maintenanceStartTime ?? '');
  const problem = isNow ? undefined : startTimeProblem(maintenance, startTime);
  const apply = async () => {
    const title = `${isNow ? 'Maintaining' : 'Rescheduling the maintenance of'} ${server.serverName}`;
    if (await change.submit(title, server, maintenance.name, startTime)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={isNow ? 'Maintain now' : 'Reschedule the maintenance'}
      subtitle={maintenance.properties.maintenanceTitle ?? server.serverName}
      change={problem || isSame ? undefined : describeReschedule(server, maintenance, startTime, isNow)}
      applyLabel={isNow ? 'Run now' : 'Reschedule'}
      applyDisabledReason={disabledReason ?? problem ?? (isSame ? 'It begins at this time already.' : undefined)}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    >
      {!isNow && (
        <TextField
          label="Begins (your clock)"
          layout="stack"
          type="datetime-local"
          value={local}
          onChange={(event) => setLocal(event.target.value)}
          error={problem}
          description={startTime && formatUtc(new Date(startTime))}
        />
      )}
      {latest && (
        <p className="text-text-2">
          It can be put off until <Time value={latest} mode="zoned" />.
        </p>
      )}
    </ChangePane>
  );
}

/** As `<input type="datetime-local">` wants it: the person's own clock, no zone. */
function localInput(time: string | null | undefined): string {
  const at = new Date(time ?? '');
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
