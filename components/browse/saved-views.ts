import { useMemo, useSyncExternalStore } from 'react';

/** A way to look at the servers, under a name: the parameters of the address. Kept in this browser. */
export interface SavedView {
  name: string;
  search: string;
}

const KEY = 'flexdeck.server-views';
const MOST = 50;
const changes = new EventTarget();

/** Reads what the storage holds; what is broken is left out. */
export function parseViews(text: string | null): SavedView[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((view: Partial<SavedView> | null) =>
    typeof view?.name === 'string' && typeof view.search === 'string' ? [{ name: view.name, search: view.search }] : [],
  );
}

/** With one more, or another in place of the one of that name. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [...views.filter(({ name }) => name !== view.name), view]
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, MOST);
}

export function useSavedViews() {
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(KEY) ?? '',
    () => '',
  );
  const views = useMemo(() => parseViews(text || null), [text]);
  const write = (next: SavedView[]) => {
    localStorage.setItem(KEY, JSON.stringify(next));
    changes.dispatchEvent(new Event('change'));
  };
  return {
    views,
    save: (view: SavedView) => write(withView(parseViews(localStorage.getItem(KEY)), view)),
    remove: (name: string) => write(parseViews(localStorage.getItem(KEY)).filter((view) => view.name !== name)),
  };
}

function subscribe(listener: () => void): () => void {
  changes.addEventListener('change', listener);
  window.addEventListener('storage', listener);
  return () => {
    changes.removeEventListener('change', listener);
    window.removeEventListener('storage', listener);
  };
}
