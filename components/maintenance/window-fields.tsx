import { RadioCards } from '@/components/ui/radio-cards';
import { Select } from '@/components/ui/select';
import { clock, windowWords, type Batch, type WindowChoice } from '@/lib/rules/maintenance-changes';
import { WEEKDAYS } from '@/lib/rules/schedules';

interface WindowFieldsProps {
  value: WindowChoice;
  onChange: (values: Partial<WindowChoice>) => void;
  disabledReason: string | undefined;
}

const BATCHES = [
  { id: 'Default', label: 'Default', description: 'With the first batch.' },
  { id: 'Batch1', label: 'Batch 1', description: 'Comes first: for servers that try a build out.' },
  { id: 'Batch2', label: 'Batch 2', description: 'A week after the first: for those that must not be surprised.' },
];

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** When the service may restart the server. */
export function WindowFields({ value, onChange, disabledReason }: WindowFieldsProps) {
  const { isCustom, dayOfWeek, startHour, startMinute, batch } = value;
  return (
    <div className="grid gap-4">
      <RadioCards
        label="Window"
        labelHidden
        columns={2}
        value={isCustom ? 'custom' : 'managed'}
        onChange={(id) => onChange({ isCustom: id === 'custom' })}
        options={[
          {
            id: 'managed',
            label: 'System-managed',
            description: 'The service chooses an hour at night where the server is.',
            disabledReason,
          },
          {
            id: 'custom',
            label: 'Custom',
            description: 'An hour of a day of the week that you choose.',
            disabledReason,
          },
        ]}
      />
      {isCustom && (
        <div className="grid max-w-[640px] items-start gap-x-6 sm:grid-cols-2">
          <Select
            label="Day"
            layout="stack"
            disabled={Boolean(disabledReason)}
            options={WEEKDAYS.map((label, id) => ({ id: String(id), label }))}
            value={String(dayOfWeek)}
            onChange={(id) => onChange({ dayOfWeek: Number(id) })}
          />
          <Select
            label="Begins (UTC)"
            layout="stack"
            disabled={Boolean(disabledReason)}
            options={HOURS.map((hour) => ({
              id: String(hour),
              label: `${clock(hour, startMinute)} UTC`,
              aside: localWords(dayOfWeek, hour, startMinute),
            }))}
            value={String(startHour)}
            onChange={(id) => onChange({ startHour: Number(id) })}
          />
          <Select
            label="Batch"
            layout="stack"
            disabled={Boolean(disabledReason)}
            options={BATCHES}
            value={batch}
            onChange={(id) => onChange({ batch: id as Batch })}
          />
        </div>
      )}
      <p className="text-text-2">
        {isCustom
          ? `${windowWords(value)}, by your clock ${localWords(dayOfWeek, startHour, startMinute)}.`
          : 'Announced at least a week ahead; it can be put to another time, or be had now.'}
      </p>
    </div>
  );
}

/** The same moment by the person's own clock, this week: `Sun 03:00`. */
function localWords(dayOfWeek: number, hour: number, minute: number): string {
  const now = new Date();
  const days = dayOfWeek - now.getUTCDay();
  const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, hour, minute));
  return at.toLocaleString('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
}
