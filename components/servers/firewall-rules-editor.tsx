'use client';

import { useQuery } from '@tanstack/react-query';
import { ClipboardPaste, Globe, MapPin, Plus, Trash2 } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { FieldHint } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import { Notice } from '@/components/ui/notice';
import { clientAddressQuery } from '@/lib/queries/client-address';
import {
  addressRangeWarning,
  EVERY_ADDRESS,
  freeRuleName,
  type AddressRange,
  type NamedAddressRange,
} from '@/lib/rules/address-ranges';
import { parseIpv4 } from '@/lib/rules/names';

const COLUMNS = [
  { id: 'name', label: 'Rule name', placeholder: 'office' },
  { id: 'startIpAddress', label: 'Start IP address', placeholder: '203.0.113.0' },
  { id: 'endIpAddress', label: 'End IP address', placeholder: '203.0.113.255' },
] as const;

/** What a form must hold for the editor to work in it. */
interface FormWithRules {
  firewallRules: NamedAddressRange[];
}

interface FirewallRulesEditorProps {
  onPaste: () => void;
  /** Why nothing can be changed; everything stays readable. */
  disabledReason?: string;
  removeDisabledReason?: (rule: NamedAddressRange) => string | undefined;
  emptyWords?: string;
  /** Small words about a rule, under its fields: whether it is in force, why it was refused. */
  renderNote?: (rule: NamedAddressRange) => ReactNode;
}

/** The rules of a server in any form that has `firewallRules`: one row each, with what is wrong or doubtful under it. */
export function FirewallRulesEditor({
  onPaste,
  disabledReason,
  removeDisabledReason,
  emptyWords = 'No rule yet: nobody will be able to connect until you add one, here or later under Networking.',
  renderNote,
}: FirewallRulesEditorProps) {
  const { control, register, formState, getValues, setValue } = useFormContext<FormWithRules>();
  const { fields, append, remove } = useFieldArray({ control, name: 'firewallRules' });
  const rules = useWatch({ control, name: 'firewallRules' });
  const own = useQuery(clientAddressQuery());
  const addButton = useRef<HTMLButtonElement>(null);
  const errors = formState.errors.firewallRules;
  const address = own.data?.address;
  const names = rules.map((rule) => rule.name);

  const add = (name: string, range: AddressRange) =>
    append({ name: freeRuleName(name, names), ...range }, { shouldFocus: false });
  /** Most rules are for one address: the end follows the start until it has a value of its own. */
  const completeEnd = (index: number) => {
    const rule = getValues(`firewallRules.${index}`);
    if (rule.endIpAddress === '' && parseIpv4(rule.startIpAddress) !== undefined) {
      setValue(`firewallRules.${index}.endIpAddress`, rule.startIpAddress, {
        shouldDirty: true,
        shouldValidate: true,
      });
    }
  };

  return (
    <div className="grid max-w-[860px] gap-2.5">
      <div className="flex flex-wrap gap-2">
        <Button
          icon={MapPin}
          onClick={() => address && add('my-address', { startIpAddress: address, endIpAddress: address })}
          pending={own.isPending}
          disabledReason={
            disabledReason ??
            (own.error
              ? `Your address could not be read: ${own.error.message}`
              : !own.isPending && !address && 'Your address is not IPv4: add it by hand.')
          }
        >
          Add my address{address && ` (${address})`}
        </Button>
        <Button
          ref={addButton}
          icon={Plus}
          disabledReason={disabledReason}
          onClick={() =>
            append(
              { name: '', startIpAddress: '', endIpAddress: '' },
              { focusName: `firewallRules.${fields.length}.name` },
            )
          }
        >
          Add a range
        </Button>
        <Button icon={ClipboardPaste} onClick={onPaste} disabledReason={disabledReason}>
          Paste a list
        </Button>
        <Button icon={Globe} onClick={() => add('every-address', EVERY_ADDRESS)} disabledReason={disabledReason}>
          Add 0.0.0.0 – 255.255.255.255
        </Button>
      </div>
      {fields.length === 0 ? (
        <Notice>{emptyWords}</Notice>
      ) : (
        <>
          <div
            aria-hidden
            className="hidden grid-cols-[1fr_1fr_1fr_30px] gap-2.5 text-xs font-[560] text-text-2 sm:grid"
          >
            {COLUMNS.map(({ id, label }) => (
              <span key={id}>{label}</span>
            ))}
          </div>
          <ul className="grid gap-2.5">
            {fields.map((field, index) => {
              const rule = rules[index];
              const rowErrors = errors?.[index];
              const message = COLUMNS.map(({ id }) => rowErrors?.[id]?.message)
                .filter(Boolean)
                .join(' ');
              const warning = rule && addressRangeWarning(rule, rules);
              const hint = `firewall-rule-${field.id}-hint`;
              return (
                <li
                  key={field.id}
                  className="grid grid-cols-[minmax(0,1fr)_30px] items-start gap-x-2.5 gap-y-1 border-b border-line pb-2.5 sm:grid-cols-[1fr_1fr_1fr_30px] sm:border-0 sm:pb-0"
                >
                  {COLUMNS.map(({ id, label, placeholder }) => (
                    <div key={id} className="min-w-0 max-sm:col-start-1">
                      <span aria-hidden className="mb-0.5 block text-xs text-text-2 sm:hidden">
                        {label}
                      </span>
                      <input
                        {...register(`firewallRules.${index}.${id}`, {
                          onBlur: id === 'startIpAddress' ? () => completeEnd(index) : undefined,
                          setValueAs: id === 'name' ? undefined : (text: string) => text.trim(),
                        })}
                        aria-label={`${label} of rule ${index + 1}`}
                        aria-invalid={rowErrors?.[id] ? true : undefined}
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
                    label={`Remove rule ${rule?.name || index + 1}`}
                    className="col-start-2 row-start-1 max-sm:mt-5 sm:col-start-4"
                    disabledReason={disabledReason ?? (rule && removeDisabledReason?.(rule))}
                    onClick={() => {
                      addButton.current?.focus();
                      remove(index);
                    }}
                  />
                  <div className="col-span-full empty:hidden">
                    <FieldHint
                      id={hint}
                      error={message}
                      description={warning && <span className="text-warn">{warning}</span>}
                    />
                    {rule && renderNote && (
                      <div aria-live="polite" className="not-empty:mt-1">
                        {renderNote(rule)}
                      </div>
                    )}
                  </div>
                </li>
              );
            })}
          </ul>
        </>
      )}
      <FieldHint id="firewall-rules-hint" error={errors?.root?.message ?? errors?.message} />
    </div>
  );
}
