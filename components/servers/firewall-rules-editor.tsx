'use client';

import { useQuery } from '@tanstack/react-query';
import { ClipboardPaste, Globe, MapPin, Plus } from 'lucide-react';
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { FieldHint } from '@/components/ui/field';
import { Notice } from '@/components/ui/notice';
import { clientAddressQuery } from '@/lib/queries/client-address';
import {
  addressRangeWarnings,
  EVERY_ADDRESS,
  freeRuleName,
  type AddressRange,
  type NamedAddressRange,
} from '@/lib/rules/address-ranges';
import { parseIpv4 } from '@/lib/rules/names';
import { FirewallRuleRow, RULE_COLUMNS, type FormWithRules } from './firewall-rule-row';

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
  /** The row that was just added: what is still empty there is not wrong before it was left. */
  const [fresh, setFresh] = useState<number>();
  const addButton = useRef<HTMLButtonElement>(null);
  const errors = formState.errors.firewallRules;
  const address = own.data?.address;
  const names = rules.map((rule) => rule.name);

  const add = (name: string, range: AddressRange) =>
    append({ name: freeRuleName(name, names), ...range }, { shouldFocus: false });
  /** Most rules are for one address: the end follows the start until it has a value of its own. */
  const completeEnd = useCallback(
    (index: number) => {
      const rule = getValues(`firewallRules.${index}`);
      if (rule.endIpAddress === '' && parseIpv4(rule.startIpAddress) !== undefined) {
        setValue(`firewallRules.${index}.endIpAddress`, rule.startIpAddress, {
          shouldDirty: true,
          shouldValidate: true,
        });
      }
    },
    [getValues, setValue],
  );
  const removeRow = useCallback(
    (index: number) => {
      addButton.current?.focus();
      remove(index);
    },
    [remove],
  );
  const leaveRow = useCallback(() => setFresh(undefined), []);
  const warnings = useMemo(() => addressRangeWarnings(rules), [rules]);

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
          onClick={() => {
            setFresh(fields.length);
            append(
              { name: '', startIpAddress: '', endIpAddress: '' },
              { focusName: `firewallRules.${fields.length}.name` },
            );
          }}
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
            {RULE_COLUMNS.map(({ id, label }) => (
              <span key={id}>{label}</span>
            ))}
          </div>
          <ul className="grid gap-2.5">
            {fields.map((field, index) => {
              const rule = rules[index];
              const rowErrors = errors?.[index];
              const wrong = RULE_COLUMNS.filter(
                (column) => rowErrors?.[column.id] && !(index === fresh && rule?.[column.id] === ''),
              );
              return (
                <FirewallRuleRow
                  key={field.id}
                  id={field.id}
                  index={index}
                  name={rule?.name ?? ''}
                  startIpAddress={rule?.startIpAddress ?? ''}
                  endIpAddress={rule?.endIpAddress ?? ''}
                  error={wrong.map((column) => rowErrors?.[column.id]?.message).join(' ')}
                  invalid={wrong.map((column) => column.id).join(' ')}
                  warning={warnings[index]}
                  disabledReason={disabledReason}
                  removeDisabledReason={rule && removeDisabledReason?.(rule)}
                  register={register}
                  onRemove={removeRow}
                  onLeft={leaveRow}
                  onStartLeft={completeEnd}
                  renderNote={renderNote}
                />
              );
            })}
          </ul>
        </>
      )}
      <FieldHint id="firewall-rules-hint" error={errors?.root?.message ?? errors?.message} />
    </div>
  );
}
