'use client';

import { lazy, Suspense } from 'react';

// Every page carries this one along: what it shows is fetched when it is needed.
const NotFound = lazy(() => import('@/components/blade/not-found').then((module) => ({ default: module.NotFound })));

export default function NotFoundPage() {
  return (
    <Suspense fallback={null}>
      <NotFound />
    </Suspense>
  );
}
