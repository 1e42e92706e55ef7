/** Fetches code; the same answer each time. */
export type LoadCode = () => Promise<unknown>;

/**
 * Handlers for what opens something whose code is fetched on demand: it is on its way when the pointer or the focus comes
 * near, and mostly there by the click. That it fails is told by whoever opens it.
 */
export function onIntent(...loads: LoadCode[]): { onPointerEnter: () => void; onFocus: () => void } {
  const fetchAll = () => {
    for (const load of loads) load().catch(() => {});
  };
  return { onPointerEnter: fetchAll, onFocus: fetchAll };
}
