'use client';

import { lazy, Suspense } from 'react';
import { Loading, Skeleton } from '@/components/ui/skeleton';
import type { ChangeDescription } from '@/lib/rules/change-description';

export interface ChangeReviewProps {
  change: ChangeDescription;
  /** Base address of the Resource Manager in force, for the REST form. */
  resourceManagerEndpoint?: string;
  /** Leaves out the table of changes (a new resource, whose summary stands elsewhere). */
  formatsOnly?: boolean;
  /** Which form of code is shown first. */
  initialFormat?: 'az' | 'rest' | 'bicep' | 'terraform';
}

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
