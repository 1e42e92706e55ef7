'use client';

import { createContext, use, useMemo, useRef, type ReactNode } from 'react';
import type { CreateServerForm } from '@/lib/rules/create-server-form';

const KEY = 'flexdeck.create-draft';

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

/** Keeps over a reload, and over a sign-in, what was filled in but for the passwords; as long as the tab lives. */
export function storeDraft(form: CreateServerForm): void {
  sessionStorage.setItem(KEY, JSON.stringify({ ...form, administratorPassword: '', confirmPassword: '' }));
}

/** What was stored; undefined when nothing was, or something of another shape. */
export function storedDraft(empty: CreateServerForm): Partial<CreateServerForm> | undefined {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Record<string, unknown> | null;
    const known = Object.entries(stored ?? {}).filter(
      ([name, value]) =>
        typeof value === typeof empty[name as keyof CreateServerForm] &&
        Array.isArray(value) === Array.isArray(empty[name as keyof CreateServerForm]),
    );
    return known.length === 0 ? undefined : (Object.fromEntries(known) as Partial<CreateServerForm>);
  } catch {
    return undefined;
  }
}

export function dropStoredDraft(): void {
  sessionStorage.removeItem(KEY);
}
