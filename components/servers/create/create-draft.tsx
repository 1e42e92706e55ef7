'use client';

import { createContext, use, useMemo, useRef, type ReactNode } from 'react';
import type { CreateServerForm } from '@/lib/rules/create-server-form';

interface CreateDraft {
  read(): CreateServerForm | undefined;
  keep(form: CreateServerForm): void;
  forget(): void;
}

const Context = createContext<CreateDraft | undefined>(undefined);

/**
 * Holds what was filled in while one goes from the form to its deployment and back: in memory only, since a password
 * is in it. A reload empties it.
 */
export function CreateDraftProvider({ children }: { children: ReactNode }) {
  const kept = useRef<CreateServerForm>(undefined);
  const draft = useMemo<CreateDraft>(
    () => ({
      read: () => kept.current,
      keep: (form) => {
        kept.current = form;
      },
      forget: () => {
        kept.current = undefined;
      },
    }),
    [],
  );
  return <Context value={draft}>{children}</Context>;
}

export function useCreateDraft(): CreateDraft {
  const draft = use(Context);
  if (!draft) throw new Error('useCreateDraft needs a CreateDraftProvider above it.');
  return draft;
}
