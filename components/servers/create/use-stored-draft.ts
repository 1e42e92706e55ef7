'use client';

import { useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import type { CreateServerForm } from '@/lib/rules/create-server-form';
import { paths } from '@/lib/paths';
import { emptyCreateServerForm } from '@/lib/rules/workload-presets';
import { dropStoredDraft, storeDraft, storedDraft } from './create-draft';

/**
 * Brings back what had been filled in when the page was left: by a reload, for a sign-in, to look something up elsewhere in
 * the portal. It is forgotten once it was sent.
 *
 * @returns whether something was brought back, and how to begin anew.
 */
export function useStoredDraft(
  { reset, setValue, formState }: UseFormReturn<CreateServerForm>,
  form: CreateServerForm,
) {
  const [restored, setRestored] = useState(false);
  const { isDirty } = formState;
  useEffect(() => {
    const stored = storedDraft(emptyCreateServerForm());
    if (stored) {
      // After the form has begun with its own values.
      queueMicrotask(() => {
        for (const [name, value] of Object.entries(stored)) {
          setValue(name as keyof CreateServerForm, value, { shouldDirty: true, shouldTouch: true });
        }
        setRestored(true);
      });
    }
    return () => {
      if (window.location.pathname.startsWith(`${paths.createServer()}/`)) dropStoredDraft();
    };
  }, [setValue]);
  useEffect(() => {
    if (isDirty) storeDraft(form);
  }, [isDirty, form]);
  return {
    restored,
    beginAnew: () => {
      reset(emptyCreateServerForm());
      dropStoredDraft();
      setRestored(false);
    },
  };
}
