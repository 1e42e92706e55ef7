'use client';

import { CirclePause, CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { Notice } from './notice';
import { EmptyState, ErrorState, ForbiddenState, type ErrorWords } from './states';
import { TextButton } from './text-button';

/** The part of a TanStack Query result that a region shows. */
interface QueryResult<Data> {
  data: Data | undefined;
  error: Error | null;
  isPending: boolean;
  refetch: () => unknown;
}

interface QueryRegionProps<Data> {
  query: QueryResult<Data>;
  /** Of the size of what comes, so that nothing moves. */
  skeleton: ReactNode;
  /** Shown in place of the content when `isEmpty` says so. */
  empty?: ReactNode;
  isEmpty?: (data: Data) => boolean;
  children: (data: Data) => ReactNode;
}

/** The faces of a data region: loading, error, forbidden, empty, content; a failed refresh keeps what was there. */
export function QueryRegion<Data>({ query, skeleton, empty, isEmpty, children }: QueryRegionProps<Data>) {
  const { data, error, refetch } = query;
  if (data !== undefined) {
    const stale = error && !isSaidAbove(error) && (
      <div className="p-2">
        <Notice
          tone="warn"
          title="This could not be refreshed."
          action={<TextButton onClick={() => refetch()}>Retry</TextButton>}
        >
          {error.message}
        </Notice>
      </div>
    );
    return (
      <>
        {stale}
        {empty !== undefined && isEmpty?.(data) ? empty : children(data)}
      </>
    );
  }
  if (error) {
    const words = toErrorWords(error);
    if (isSaidAbove(error)) {
      return (
        <EmptyState icon={CloudOff} title="Not known now">
          It is read as soon as it can be.
        </EmptyState>
      );
    }
    // A server that is stopped, or starting: nothing is wrong.
    if (words.code === 'ServerNotReady') {
      return (
        <EmptyState icon={CirclePause} title="This can’t be read now">
          {words.message}
        </EmptyState>
      );
    }
    return words.status === 403 ? (
      <ForbiddenState error={words} onRetry={() => refetch()} />
    ) : (
      <ErrorState error={words} onRetry={() => refetch()} />
    );
  }
  return <>{skeleton}</>;
}

/** What the frame says once above the page, no region has to repeat: nobody answers, or the session has ended. */
const SAID_ABOVE = ['SessionEnded', 'PortalUnreachable', 'ResourceManagerUnreachable', 'SignInUnreachable'];

function isSaidAbove(error: Error): boolean {
  return SAID_ABOVE.includes(toErrorWords(error).code);
}

/** Gives every error the words of a service's error. */
export function toErrorWords(error: Error): ErrorWords {
  return 'code' in error && typeof error.code === 'string'
    ? (error as Error & ErrorWords)
    : { code: error.name, message: error.message };
}
