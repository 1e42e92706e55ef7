'use client';

import { lazy, Suspense } from 'react';

// Every page carries this one along: what it shows is fetched when it is needed.
const PageFailed = lazy(() =>
  import('@/components/blade/page-failed').then((module) => ({ default: module.PageFailed })),
);

export default function ErrorPage(props: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Suspense fallback={null}>
      <PageFailed {...props} />
    </Suspense>
  );
}
