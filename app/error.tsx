'use client';

import { BladeFrame } from '@/components/blade/blade-frame';
import { ErrorState } from '@/components/ui/states';
import { paths } from '@/lib/paths';

/** A page that failed to draw. The frame around it still works. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
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
