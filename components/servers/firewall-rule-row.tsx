import { Trash2 } from 'lucide-react';
import { memo, type FocusEvent, type ReactNode } from 'react';
import type { UseFormRegister } from 'react-hook-form';
import { classNames } from '@/components/ui/class-names';
import { FieldHint } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';

/** Fields of a rule, by Azure's names for them. */
export const RULE_COLUMNS = [
  { id: 'name', label: 'Rule name', placeholder: 'office' },
  { id: 'startIpAddress', label: 'Start IP address', placeholder: '203.0.113.0' },
  { id: 'endIpAddress', label: 'End IP address', placeholder: '203.0.113.255' },
] as const;

/** What a form must hold for the editor to work in it. */
export interface FormWithRules {
  firewallRules: NamedAddressRange[];
}

interface FirewallRuleRowProps extends NamedAddressRange {
  id: string;
  index: number;
  /** What is wrong with it, all in one. */
  error: string;
  /** Ids of the fields that are wrong. */
  invalid: string;
  warning: string | undefined;
  disabledReason: string | undefined;
  removeDisabledReason: string | undefined;
  register: UseFormRegister<FormWithRules>;
  onRemove: (index: number) => void;
  /** The focus is elsewhere now. */
  onLeft: () => void;
  /** The start address was left. */
  onStartLeft: (index: number) => void;
  renderNote: ((rule: NamedAddressRange) => ReactNode) | undefined;
}

/** One rule of the editor. Drawn anew only when something of it changes: a server can have hundreds. */
export const FirewallRuleRow = memo(function FirewallRuleRow({
  id: rowId,
  index,
  name,
  startIpAddress,
  endIpAddress,
  error,
  invalid,
  warning,
  disabledReason,
  removeDisabledReason,
  register,
  onRemove,
  onLeft,
  onStartLeft,
  renderNote,
}: FirewallRuleRowProps) {
  const hint = `firewall-rule-${rowId}-hint`;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_30px] items-start gap-x-2.5 gap-y-1 border-b border-line pb-2.5 sm:grid-cols-[1fr_1fr_1fr_30px] sm:border-0 sm:pb-0">
      {RULE_COLUMNS.map(({ id, label, placeholder }) => (
        <div key={id} className="min-w-0 max-sm:col-start-1">
          <span aria-hidden className="mb-0.5 block text-xs text-text-2 sm:hidden">
            {label}
          </span>
          <input
            {...register(`firewallRules.${index}.${id}`, {
              onBlur: ({ target, relatedTarget }: FocusEvent) => {
                if (id === 'startIpAddress') onStartLeft(index);
                if (target.closest('li') !== relatedTarget?.closest('li')) onLeft();
              },
              setValueAs: id === 'name' ? undefined : (text: string) => text.trim(),
            })}
            aria-label={`${label} of rule ${index + 1}`}
            aria-invalid={invalid.split(' ').includes(id) || undefined}
            aria-describedby={hint}
            readOnly={Boolean(disabledReason)}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            className={classNames('control read-only:bg-sunken', id !== 'name' && 'font-mono')}
          />
        </div>
      ))}
      <IconButton
        icon={Trash2}
        label={`Remove rule ${name || index + 1}`}
        className="col-start-2 row-start-1 max-sm:mt-5 sm:col-start-4"
        disabledReason={disabledReason ?? removeDisabledReason}
        onClick={() => onRemove(index)}
      />
      <div className="col-span-full empty:hidden">
        <FieldHint id={hint} error={error} description={warning && <span className="text-warn">{warning}</span>} />
        {renderNote && (
          <div aria-live="polite" className="not-empty:mt-1">
            {renderNote({ name, startIpAddress, endIpAddress })}
          </div>
        )}
      </div>
    </li>
  );
});
