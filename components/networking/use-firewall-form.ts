import { useEffect, useMemo, useState } from 'react';
import { useForm, useWatch, type ResolverResult } from 'react-hook-form';
import type { FirewallRule } from '@/lib/arm/mysql/firewall-rule';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import {
  firewallFaults,
  fromFirewallForm,
  mergeFirewall,
  sameRules,
  toFirewallForm,
  type FirewallForm,
} from '@/lib/rules/firewall-rules';

/**
 * The server's rules as a form. What others change meanwhile is taken in under what was edited here, so that applying
 * never undoes it.
 */
export function useFirewallForm(rules: readonly FirewallRule[] | undefined) {
  const [base, setBase] = useState<NamedAddressRange[]>();
  const methods = useForm<FirewallForm>({
    defaultValues: toFirewallForm([]),
    mode: 'onTouched',
    resolver: resolve,
  });
  const { control, reset, getValues } = methods;
  const form = useWatch({ control }) as FirewallForm;
  const wanted = useMemo(() => fromFirewallForm(form, base ?? []), [form, base]);

  useEffect(() => {
    if (!rules) return;
    const theirs = rules.map(({ name, properties }) => ({
      name,
      startIpAddress: properties.startIpAddress,
      endIpAddress: properties.endIpAddress,
    }));
    const mine = base && fromFirewallForm(getValues(), base);
    const merged = base && mine ? mergeFirewall(base, mine, theirs) : theirs;
    // Fields that stay as they are keep their focus.
    if (!mine || !sameRules(mine, merged)) reset(toFirewallForm(merged));
    setBase(theirs);
    // Once for each answer of the service.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rules]);

  return {
    methods,
    /** The service's rules; undefined until they are known. */
    base,
    /** What they shall be. */
    wanted,
    discard: () => reset(toFirewallForm(base ?? [])),
  };
}

function resolve(values: FirewallForm): ResolverResult<FirewallForm> {
  const faults = firewallFaults(values.firewallRules);
  if (faults.length === 0) return { values, errors: {} };
  const rows: Record<string, unknown>[] = [];
  let root: { type: string; message: string } | undefined;
  for (const { index, field, message } of faults) {
    const error = { type: 'custom', message };
    if (index === undefined || !field) root = error;
    else (rows[index] ??= {})[field] = error;
  }
  return { values: {}, errors: { firewallRules: Object.assign(rows, root && { root }) } };
}
