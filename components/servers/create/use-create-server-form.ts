'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useMemo, useRef } from 'react';
import { useForm, useWatch, type Resolver } from 'react-hook-form';
import { createServerFormSchema, tabOfField, type CreateServerForm } from '@/lib/rules/create-server-form';
import type { LocationOffer } from '@/lib/rules/location-offer';
import { emptyCreateServerForm, presetValues } from '@/lib/rules/workload-presets';
import { useCreateDraft } from './create-draft';
import type { FormFault } from './review-tab';
import { useLocationOffer } from './use-location-offer';
import { useNameAvailability } from './use-name-availability';

/** The form, what its location offers, whether its name is free, and everything that is still wrong in it. */
export function useCreateServerForm() {
  const draft = useCreateDraft();
  const offered = useRef<LocationOffer>(undefined);
  const methods = useForm<CreateServerForm>({
    defaultValues: draft.read() ?? emptyCreateServerForm(),
    mode: 'onTouched',
    resolver: useMemo<Resolver<CreateServerForm>>(
      () => (values, context, options) =>
        zodResolver(createServerFormSchema(offered.current))(values, context, options),
      [],
    ),
  });
  const { control, getValues, setValue, formState } = methods;
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
    const parsed = createServerFormSchema(offer).safeParse(form);
    const found: FormFault[] = (parsed.error?.issues ?? []).map(({ path, message }) => {
      const field = path.join('.');
      return { tab: tabOfField(field), field, message };
    });
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
