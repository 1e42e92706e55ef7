import { usePathname } from 'next/navigation';
import { useEffect, useState, type Dispatch, type SetStateAction } from 'react';

/** By the blade's address. In memory only: a reload forgets them, after it has asked. */
const kept = new Map<string, unknown>();

/** What was edited on a blade and not applied, while one looks something up on another. */
export function keptEdits<Edits>(pathname: string): Edits | undefined {
  return kept.get(pathname) as Edits | undefined;
}

/** @param edits undefined when nothing is to be kept. */
export function keepEdits(pathname: string, edits: unknown): void {
  if (edits === undefined) kept.delete(pathname);
  else kept.set(pathname, edits);
}

/** State of a blade's one form that outlives the blade: whoever comes back finds what was not applied yet. */
export function useUnsavedEdits<Edits>(none: Edits): [Edits, Dispatch<SetStateAction<Edits>>] {
  const pathname = usePathname();
  const [edits, setEdits] = useState(() => keptEdits<Edits>(pathname) ?? none);
  useEffect(() => keepEdits(pathname, edits), [pathname, edits]);
  return [edits, setEdits];
}

/** Has the browser ask before a reload, or leaving the portal, throws away what was not applied. */
export function useQuestionBeforeUnload(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isUnsaved]);
}
