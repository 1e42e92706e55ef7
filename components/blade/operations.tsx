'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { notify } from '@/components/ui/toast';
import { keyOf, RequestError } from '@/lib/queries/client';
import { pollDelay, readOperation } from '@/lib/queries/operations';
import {
  parseOperations,
  withOperation,
  withStatus,
  withUnknownEnd,
  type TrackedOperation,
} from '@/lib/queries/tracked-operations';
import { useSession } from './use-session';

interface Followed {
  /** What `ArmClient.begin` answered. */
  begun: { operationUrl: string | null; resourceId: string; retryAfterSeconds: number };
  /** What it does, with the name: "Stopping orders". Never anything secret. */
  title: string;
  /** Where to see the resource. */
  href?: string;
  /** Reads that change: refreshed now and when it ends (`apiPaths.…`). */
  refresh: string[];
}

interface Operations {
  operations: TrackedOperation[];
  /** Hands a begun operation to the bell, which follows it to its end, over reloads. */
  follow: (followed: Followed) => void;
  markSeen: () => void;
  forgetFinished: () => void;
}

const Context = createContext<Operations | null>(null);

/** The bell's operations and how to add one. */
export function useOperations(): Operations {
  const operations = useContext(Context);
  if (!operations) throw new Error('useOperations is used outside the portal’s frame.');
  return operations;
}

/** Follows operations for whoever is signed in. What it knows is kept in the browser's storage, per account. */
export function OperationsProvider({ children }: { children: ReactNode }) {
  const state = useSession();
  const account = state.status === 'signedIn' || state.status === 'expired' ? state.account.objectId : null;
  return account === null ? (
    <Context.Provider value={nothing}>{children}</Context.Provider>
  ) : (
    <AccountOperations key={account} storageKey={`flexdeck.operations.${account}`}>
      {children}
    </AccountOperations>
  );
}

const nothing: Operations = { operations: [], follow: () => {}, markSeen: () => {}, forgetFinished: () => {} };

function AccountOperations({ storageKey, children }: { storageKey: string; children: ReactNode }) {
  const queryClient = useQueryClient();
  const [operations, setOperations] = useState(() => parseOperations(localStorage.getItem(storageKey), new Date()));

  const change = useCallback(
    (update: (operations: TrackedOperation[]) => TrackedOperation[]) => {
      // From the storage: another tab may have added one meanwhile.
      const next = update(parseOperations(localStorage.getItem(storageKey), new Date()));
      localStorage.setItem(storageKey, JSON.stringify(next));
      setOperations(next);
    },
    [storageKey],
  );
  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === storageKey) setOperations(parseOperations(event.newValue, new Date()));
    };
    window.addEventListener('storage', onStorage);
    return () => window.removeEventListener('storage', onStorage);
  }, [storageKey]);

  const refresh = useCallback(
    (paths: string[]) => {
      for (const path of paths) void queryClient.invalidateQueries({ queryKey: keyOf(path) });
    },
    [queryClient],
  );
  const follow = useCallback(
    ({ begun, title, href, refresh: paths }: Followed) => {
      refresh(paths);
      const { operationUrl, resourceId, retryAfterSeconds } = begun;
      if (operationUrl === null) {
        void notify('ok', `${title}: done`);
        return;
      }
      change((before) =>
        withOperation(before, {
          operationUrl,
          resourceId,
          title,
          href,
          refresh: paths,
          startedAt: new Date().toISOString(),
          status: 'Running',
          retryAfterSeconds,
          seen: false,
        }),
      );
    },
    [change, refresh],
  );
  const onChange = useCallback(
    (changed: TrackedOperation) => {
      change((before) =>
        before.map((operation) => (operation.operationUrl === changed.operationUrl ? changed : operation)),
      );
      if (changed.status === 'Running') return;
      refresh(changed.refresh);
      if (changed.status === 'Succeeded') void notify('ok', `${changed.title}: done`);
      else void notify('bad', `${changed.title}: ${endings[changed.status]}`, { description: changed.error?.message });
    },
    [change, refresh],
  );
  const value = useMemo<Operations>(
    () => ({
      operations,
      follow,
      markSeen: () =>
        change((before) =>
          before.map((operation) => ({ ...operation, seen: operation.seen || operation.status !== 'Running' })),
        ),
      forgetFinished: () => change((before) => before.filter((operation) => operation.status === 'Running')),
    }),
    [operations, follow, change],
  );
  return (
    <Context.Provider value={value}>
      {children}
      {operations
        .filter((operation) => operation.status === 'Running')
        .map((operation) => (
          <Follower key={operation.operationUrl} operation={operation} onChange={onChange} />
        ))}
    </Context.Provider>
  );
}

/** How an operation ended, in words. */
export const endings: Record<Exclude<TrackedOperation['status'], 'Running'>, string> = {
  Succeeded: 'done',
  Failed: 'failed',
  Canceled: 'canceled',
  Unknown: 'outcome not known',
};

/** Asks for one operation's status until it ends; draws nothing. */
function Follower({
  operation,
  onChange,
}: {
  operation: TrackedOperation;
  onChange: (operation: TrackedOperation) => void;
}) {
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: ['operations', operation.operationUrl],
    queryFn: ({ signal }) => readOperation(operation.operationUrl, signal),
    refetchInterval: (query) => {
      const { data: known, fetchFailureCount } = query.state;
      if (known && known.status !== 'Running') return false;
      return pollDelay(known?.retryAfterSeconds ?? operation.retryAfterSeconds, fetchFailureCount);
    },
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  useEffect(() => {
    if (data) onChange(withStatus(operation, data, new Date()));
    // Each answer once: `operation` itself changes by what is said here.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [dataUpdatedAt]);
  useEffect(() => {
    // A refusal is final (the operation is forgotten, or not ours to see); everything else may pass.
    if (
      error instanceof RequestError &&
      error.status >= 400 &&
      error.status < 500 &&
      error.status !== 401 &&
      error.status !== 429
    ) {
      onChange(withUnknownEnd(operation, error, new Date()));
    }
    // oxlint-disable-next-line react/exhaustive-deps
  }, [error]);
  return null;
}
