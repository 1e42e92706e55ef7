'use client';

import { lazy, Suspense } from 'react';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import type { ChangeReviewProps } from './change-review-body';

const ChangeReviewBody = lazy(() =>
  import('./change-review-body').then((module) => ({ default: module.ChangeReviewBody })),
);

/** What is about to change, before it is sent: old → new, interruption, cost, and the same as code. Loaded when shown. */
export function ChangeReview(props: ChangeReviewProps) {
  return (
    <Suspense
      fallback={
        <Loading>
          <Skeleton height={240} />
        </Loading>
      }
    >
      <ChangeReviewBody {...props} />
    </Suspense>
  );
}
