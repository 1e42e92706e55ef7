'use client';

import { ErrorState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { BladeFrame } from './blade-frame';

interface PageFailedProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** A page that failed to draw. The frame around it still works. */
export function PageFailed({ error, reset }: PageFailedProps) {
  return (
    <BladeFrame crumbs={[{ label: 'Home', href: paths.home() }, { label: 'Error' }]} title="This page failed">
      <ErrorState
        title="Something in the portal went wrong"
        error={{ code: 'PortalFault', message: error.message, requestId: error.digest }}
        onRetry={reset}
      />
    </BladeFrame>
  );
}
