'use client';

import { toNestErrors } from '@hookform/resolvers';
import { useEffect, useInsertionEffect, useMemo, useRef } from 'react';
import { useForm, useWatch, type FieldErrors, type Resolver, type UseFormSetValue } from 'react-hook-form';
import { createServerFaults, tabOfField, type CreateServerForm } from '@/lib/rules/create-server-form';
import type { LocationOffer } from '@/lib/rules/location-offer';
import { emptyCreateServerForm, presetValues } from '@/lib/rules/workload-presets';
import { useCreateDraft } from './create-draft';
import type { FormFault } from './review-tab';
import { useLocationOffer } from '@/components/servers/use-location-offer';
import { useNameAvailability } from './use-name-availability';

/** The form, what its location offers, whether its name is free, and everything that is still wrong in it. */
export function useCreateServerForm() {
  const draft = useCreateDraft();
  const offered = useRef<LocationOffer>(undefined);
  const methods = useForm<CreateServerForm>({
    defaultValues: draft.read() ?? emptyCreateServerForm(),
    mode: 'onTouched',
    resolver: useMemo<Resolver<CreateServerForm>>(
      () => (values, _context, options) => {
        const faults = createServerFaults(values, offered.current);
        if (faults.length === 0) return { values, errors: {} };
        const errors = Object.fromEntries(faults.map(({ field, message }) => [field, { type: 'rule', message }]));
        return { values: {}, errors: toNestErrors(errors as FieldErrors<CreateServerForm>, options) };
      },
      [],
    ),
  });
  const { control, getValues, setValue, formState } = methods;
  useTypedEarly(setValue);
  const form = useWatch({ control }) as CreateServerForm;
  const { offer, query: offerQuery } = useLocationOffer(form.subscriptionId, form.location);
  const nameCheck = useNameAvailability(form.subscriptionId, form.serverName);

  useEffect(() => {
    offered.current = offer;
    if (!offer) return;
    const { version, preset } = getValues();
    if (!offer.versions.includes(version)) setValue('version', offer.versions[0] ?? '');
    if (preset === 'custom') return;
    for (const [name, value] of Object.entries(presetValues(preset, offer))) {
      setValue(name as keyof CreateServerForm, value);
    }
  }, [offer, getValues, setValue]);

  const faults = useMemo(() => {
    const found: FormFault[] = createServerFaults(form, offer).map((fault) => ({
      tab: tabOfField(fault.field),
      ...fault,
    }));
    if (nameCheck.state === 'taken' && nameCheck.message) {
      found.push({ tab: 'basics', field: 'serverName', message: nameCheck.message });
    }
    return found;
  }, [form, offer, nameCheck.state, nameCheck.message]);

  /** What the service refused stands at its field until that is changed. */
  const refused = Object.entries(formState.errors).flatMap(([field, error]): FormFault[] =>
    error && 'type' in error && error.type === 'server'
      ? [{ tab: tabOfField(field), field, message: String(error.message) }]
      : [],
  );

  return {
    methods,
    form,
    offer,
    offerQuery,
    nameCheck,
    faults: [...faults, ...refused.filter((one) => !faults.some(({ field }) => field === one.field))],
  };
}

const TYPED_FIELDS = ['serverName', 'administratorLogin', 'administratorPassword', 'confirmPassword'] as const;

/**
 * Keeps what was typed into the page that came from the server before it became interactive: the form starts from its
 * own values and would empty the fields. They are read before it does (insertion effects run first), and set after.
 */
function useTypedEarly(setValue: UseFormSetValue<CreateServerForm>): void {
  const typed = useRef<[(typeof TYPED_FIELDS)[number], string][]>([]);
  useInsertionEffect(() => {
    typed.current = TYPED_FIELDS.flatMap((name) => {
      const value = document.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value;
      return value ? [[name, value]] : [];
    });
  }, []);
  useEffect(() => {
    for (const [name, value] of typed.current) setValue(name, value, { shouldDirty: true });
    typed.current = [];
  }, [setValue]);
}
