import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { SliderField } from '@/components/ui/slider-field';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeAutoStart } from '@/lib/rules/schedule-changes';
import { AUTO_START_DAYS } from '@/lib/rules/schedules';

interface AutoStartPaneProps {
  server: ServerKey;
  /** Days now. */
  present: number;
  run: BeginAction<[ServerKey, afterDays: number]>;
  disabledReason: string | undefined;
  onClose: () => void;
}

/** After how many days a stopped server starts by itself. */
export function AutoStartPane({ server, present, run, disabledReason, onClose }: AutoStartPaneProps) {
  const [days, setDays] = useState(present);
  const change = useServerChange(server, run);
  const { min, max } = AUTO_START_DAYS;
  const isWrong = !Number.isInteger(days) || days < min || days > max;
  const problem = isWrong ? `Choose a whole number of days from ${min} to ${max}.` : undefined;
  const apply = async () => {
    if (await change.submit(`Setting when ${server.serverName} starts by itself`, server, days)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Start by itself"
      subtitle={server.serverName}
      change={isWrong || days === present ? undefined : describeAutoStart(server, present, days)}
      applyLabel="Save"
      applyDisabledReason={disabledReason ?? problem ?? (days === present && 'Nothing is changed yet.')}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    >
      <SliderField
        label="Days after it was stopped"
        unit="days"
        min={min}
        max={max}
        value={days}
        onChange={setDays}
        error={problem}
        description="A stopped server gets no security updates, so it does not stay stopped for ever. Azure starts it after 30 days."
      />
    </ChangePane>
  );
}
