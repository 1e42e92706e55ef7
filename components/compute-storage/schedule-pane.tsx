import { useId, useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { useLocationOffer } from '@/components/servers/use-location-offer';
import { Checkbox, Switch } from '@/components/ui/checkbox';
import { Combobox } from '@/components/ui/combobox';
import { FieldHint } from '@/components/ui/field';
import { RadioCards } from '@/components/ui/radio-cards';
import { TextField } from '@/components/ui/text-field';
import type { ScheduleForPut, ScheduleResource } from '@/lib/arm/local/schedule';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import {
  describeDeleteSchedule,
  describePutSchedule,
  freeScheduleName,
  scheduleWords,
} from '@/lib/rules/schedule-changes';
import { TIER_TEXTS } from '@/lib/rules/skus';
import { scheduleProblem, WEEKDAYS, type Schedule } from '@/lib/rules/schedules';

interface SchedulePaneProps {
  server: ServerKey;
  data: Server;
  schedules: readonly ScheduleResource[];
  /** The one that is changed; a new one otherwise. */
  present: ScheduleResource | undefined;
  run: BeginAction<[ServerKey, name: string, ScheduleForPut]>;
  disabledReason: string | undefined;
  onClose: () => void;
}

const ACTIONS = [
  { id: 'Stop', label: 'Stop', description: 'Sessions end; only storage is billed until it is started.' },
  { id: 'Start', label: 'Start', description: 'Clients can connect again at the same address.' },
  { id: 'Scale', label: 'Scale', description: 'Another size, for hours that want more or less.' },
];

/** One weekly time: what happens, on which days, when. */
export function SchedulePane({ server, data, schedules, present, run, disabledReason, onClose }: SchedulePaneProps) {
  const [schedule, setSchedule] = useState<ScheduleForPut>(() => (present ? chosenOf(present) : usual()));
  const { offer } = useLocationOffer(server.subscriptionId, data.location);
  const change = useServerChange(server, run);
  const id = useId();
  const name =
    present?.name ??
    freeScheduleName(
      schedule.action,
      schedules.map((one) => one.name),
    );
  const set = (values: Partial<ScheduleForPut>) => setSchedule({ ...schedule, ...values });
  const problem = scheduleProblem(schedule as Schedule);
  const sizes = (offer?.editions ?? []).flatMap(({ tier, sizes: ofTier }) =>
    ofTier.map(({ sku }) => ({
      id: sku.name,
      label: sku.name,
      aside: `${sku.vCores} ${sku.vCores === 1 ? 'vCore' : 'vCores'}`,
      group: TIER_TEXTS[tier].label,
      tier,
    })),
  );
  const apply = async () => {
    if (await change.submit(`Scheduling ${server.serverName}`, server, name, schedule)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={present ? `Change the schedule ${name}` : 'Add a schedule'}
      subtitle={server.serverName}
      change={problem ? undefined : describePutSchedule(server, name, schedule, present && chosenOf(present))}
      applyLabel={present ? 'Save' : 'Add the schedule'}
      applyDisabledReason={disabledReason ?? problem?.message}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    >
      <RadioCards
        label="What happens"
        columns={3}
        value={schedule.action}
        onChange={(action) => set({ action: action as ScheduleForPut['action'], sku: undefined })}
        options={ACTIONS}
      />
      {schedule.action === 'Scale' && (
        <Combobox
          label="Size"
          required
          layout="stack"
          options={sizes}
          value={schedule.sku?.name ?? null}
          placeholder="Choose a size"
          onChange={(id) => {
            const size = sizes.find((one) => one.id === id);
            set({ sku: size && { name: size.id, tier: size.tier } });
          }}
        />
      )}
      <fieldset className="min-w-0" aria-describedby={`${id}-days`}>
        <legend className="mb-1 text-text-2">Days</legend>
        <div className="flex flex-wrap gap-x-4">
          {WEEKDAYS.map((day) => (
            <Checkbox
              key={day}
              label={day}
              checked={schedule.days.includes(day)}
              onChange={(event) =>
                set({
                  days: WEEKDAYS.filter((one) => (one === day ? event.target.checked : schedule.days.includes(one))),
                })
              }
            />
          ))}
        </div>
        <FieldHint id={`${id}-days`} error={problem?.target === 'days' && problem.message} />
      </fieldset>
      <div className="grid gap-x-6 sm:grid-cols-2">
        <TextField
          label="Time"
          required
          layout="stack"
          type="time"
          value={schedule.time}
          error={problem?.target === 'time' ? problem.message : undefined}
          onChange={(event) => set({ time: event.target.value })}
        />
        <Combobox
          label="Time zone"
          required
          layout="stack"
          options={TIME_ZONES()}
          value={schedule.timeZone}
          onChange={(timeZone) => set({ timeZone: timeZone ?? schedule.timeZone })}
        />
      </div>
      <Switch label="On" checked={schedule.enabled} onChange={(enabled) => set({ enabled })} />
    </ChangePane>
  );
}

function chosenOf({ properties }: ScheduleResource): ScheduleForPut {
  const { action, days, time, timeZone, enabled, sku } = properties;
  return { action, days, time, timeZone, enabled, ...(sku && { sku }) };
}

function usual(): ScheduleForPut {
  return {
    action: 'Stop',
    days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
    time: '20:00',
    timeZone: ownTimeZone(),
    enabled: true,
  };
}

const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone that the browser knows, the person's own first. */
function TIME_ZONES() {
  const zones = [...new Set([ownTimeZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  return zones.map((id) => ({ id, label: id.replaceAll('_', ' ') }));
}

interface DeleteSchedulePaneProps {
  server: ServerKey;
  present: ScheduleResource;
  run: BeginAction<[ServerKey, name: string]>;
  disabledReason: string | undefined;
  onClose: () => void;
}

export function DeleteSchedulePane({ server, present, run, disabledReason, onClose }: DeleteSchedulePaneProps) {
  const change = useServerChange(server, run);
  const apply = async () => {
    if (await change.submit(`Deleting a schedule of ${server.serverName}`, server, present.name)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={`Delete the schedule ${present.name}`}
      subtitle={scheduleWords(present.properties)}
      change={describeDeleteSchedule(server, present.name, chosenOf(present))}
      applyLabel="Delete the schedule"
      applyDisabledReason={disabledReason}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    />
  );
}
