import { usePathname } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { useForm, useWatch, type ResolverResult } from 'react-hook-form';
import { keepEdits, keptEdits } from '@/components/blade/unsaved-edits';
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

/** Rules that were edited, and what the server had then. */
interface Edited {
  base: NamedAddressRange[];
  mine: NamedAddressRange[];
}

/**
 * The server's rules as a form. What others change meanwhile is taken in under what was edited here, so that applying
 * never undoes it.
 */
export function useFirewallForm(rules: readonly FirewallRule[] | undefined) {
  const pathname = usePathname();
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
    const edited = base ? { base, mine: fromFirewallForm(getValues(), base) } : keptEdits<Edited>(pathname);
    const merged = edited ? mergeFirewall(edited.base, edited.mine, theirs) : theirs;
    // Fields that stay as they are keep their focus.
    if (!base || !edited || !sameRules(edited.mine, merged)) reset(toFirewallForm(merged));
    setBase(theirs);
    // Once for each answer of the service.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rules]);

  useEffect(() => {
    if (base) keepEdits(pathname, sameRules(base, wanted) ? undefined : { base, mine: wanted });
  }, [pathname, base, wanted]);

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
