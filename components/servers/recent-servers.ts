import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { serverId, serverKeyOf, type ServerKey } from '@/lib/arm/resource-id';
import { useSession } from '@/components/blade/use-session';

/** Servers that were looked at lately, by id, in the browser's storage; each account has its own. */
const MOST = 8;
const changes = new EventTarget();

export interface RecentServer {
  key: ServerKey;
  /** ISO 8601. */
  at: string;
}

/** Reads what the storage holds; what is broken is left out. */
export function parseRecent(text: string | null): RecentServer[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: { id?: unknown; at?: unknown } | null): RecentServer[] => {
    const key = typeof entry?.id === 'string' ? serverKeyOf(entry.id) : undefined;
    return key && typeof entry?.at === 'string' && !Number.isNaN(Date.parse(entry.at)) ? [{ key, at: entry.at }] : [];
  });
}

/** Newest first, each server once. */
export function withRecent(servers: readonly RecentServer[], key: ServerKey, now: Date): RecentServer[] {
  const id = serverId(key).toLowerCase();
  const others = servers.filter((server) => serverId(server.key).toLowerCase() !== id);
  return [{ key, at: now.toISOString() }, ...others].slice(0, MOST);
}

function useStorageKey(): string | undefined {
  const state = useSession();
  return state.status === 'signedIn' ? `flexdeck.recent-servers.${state.account.objectId}` : undefined;
}

export function useRecentServers(): RecentServer[] {
  const storageKey = useStorageKey();
  const text = useSyncExternalStore(
    subscribe,
    () => (storageKey ? (localStorage.getItem(storageKey) ?? '') : ''),
    () => '',
  );
  return useMemo(() => parseRecent(text || null), [text]);
}

/** Remembers that a server was looked at, once it is known to exist. */
export function useRememberServer({ subscriptionId, resourceGroup, serverName }: ServerKey, exists: boolean): void {
  const storageKey = useStorageKey();
  useEffect(() => {
    if (!storageKey || !exists) return;
    const key = { subscriptionId, resourceGroup, serverName };
    const next = withRecent(parseRecent(localStorage.getItem(storageKey)), key, new Date());
    localStorage.setItem(storageKey, JSON.stringify(next.map(({ key: server, at }) => ({ id: serverId(server), at }))));
    changes.dispatchEvent(new Event('change'));
  }, [storageKey, exists, subscriptionId, resourceGroup, serverName]);
}

function subscribe(listener: () => void): () => void {
  changes.addEventListener('change', listener);
  window.addEventListener('storage', listener);
  return () => {
    changes.removeEventListener('change', listener);
    window.removeEventListener('storage', listener);
  };
}
