import { Notice } from '@/components/ui/notice';
import { TextButton } from '@/components/ui/text-button';
import { lostContact, RequestError } from '@/lib/queries/client';
import type { useFleet } from './use-fleet';

/** Subscriptions whose servers could not be listed, above those that could. */
export function FleetFailures({ fleet: { failures, refresh } }: { fleet: ReturnType<typeof useFleet> }) {
  // Nobody's silence is one subscription's.
  return failures
    .filter(({ error }) => !lostContact(error))
    .map(({ subscription, name, error }) => (
      <Notice
        key={subscription.subscriptionId}
        tone={error instanceof RequestError && error.status === 403 ? 'warn' : 'bad'}
        title={`The servers of ${name} could not be listed.`}
        action={<TextButton onClick={refresh}>Retry</TextButton>}
      >
        {error.message}
        {error instanceof RequestError && (
          <span className="ml-1 font-mono text-xs">
            ({error.code}
            {error.requestId && `, request ${error.requestId}`})
          </span>
        )}
      </Notice>
    ));
}
