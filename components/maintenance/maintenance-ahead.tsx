import { Button } from '@/components/ui/button';
import { Pill } from '@/components/ui/pill';
import { Time } from '@/components/ui/time';
import type { Maintenance } from '@/lib/arm/mysql/maintenance';
import { isAhead } from '@/lib/rules/maintenance-changes';

interface MaintenanceAheadProps {
  maintenance: Maintenance;
  disabledReason: string | undefined;
  /** Why it can't begin now. */
  nowProblem: string | undefined;
  onOpen: (pane: 'reschedule' | 'now') => void;
}

/** One maintenance that is to come, or runs: what it contains, when, and how to have it at another time. */
export function MaintenanceAhead({ maintenance, disabledReason, nowProblem, onOpen }: MaintenanceAheadProps) {
  const { maintenanceTitle, maintenanceDescription, maintenanceStartTime, maintenanceState } = maintenance.properties;
  const fixed = isAhead(maintenance) ? undefined : `It is ${maintenanceState}: its time can’t be changed.`;
  return (
    <li className="grid gap-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <b className="font-semibold">{maintenanceTitle ?? maintenance.name}</b>
        <Pill tone={fixed ? 'accent' : 'warn'} busy={maintenanceState === 'Processing'}>
          {maintenanceState ?? 'Scheduled'}
        </Pill>
      </div>
      {maintenanceStartTime && (
        <p>
          {maintenanceState === 'Processing' ? 'Began' : 'Begins'} <Time value={maintenanceStartTime} mode="zoned" />,{' '}
          <Time value={maintenanceStartTime} mode="relative" />
        </p>
      )}
      {maintenanceDescription && <p className="max-w-prose text-text-2">{maintenanceDescription}</p>}
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onOpen('reschedule')} disabledReason={disabledReason ?? fixed}>
          Reschedule
        </Button>
        <Button onClick={() => onOpen('now')} disabledReason={disabledReason ?? fixed ?? nowProblem}>
          Run now
        </Button>
      </div>
    </li>
  );
}
