'use client';

import { ErrorState } from '@/components/ui/states';
import { toErrorWords } from '@/components/ui/query-region';
import type { LocationOffer } from '@/lib/rules/location-offer';
import { AdministratorSection } from './administrator-section';
import type { NameCheck } from './use-name-availability';
import { WhereSection } from './where-section';
import { WorkloadSection } from './workload-section';

interface BasicsTabProps {
  offer: LocationOffer | undefined;
  /** Why it is not known what the location offers. */
  offerError: Error | null;
  onRetryOffer: () => void;
  nameCheck: NameCheck;
  onCreateGroup: () => void;
  onChangeSize: () => void;
}

export function BasicsTab({ offer, offerError, onRetryOffer, nameCheck, onCreateGroup, onChangeSize }: BasicsTabProps) {
  return (
    <div className="grid gap-6">
      <WhereSection nameCheck={nameCheck} onCreateGroup={onCreateGroup} />
      {offerError && !offer ? (
        <ErrorState
          title="What this region offers could not be read"
          error={toErrorWords(offerError)}
          onRetry={onRetryOffer}
        />
      ) : (
        <WorkloadSection offer={offer} onChangeSize={onChangeSize} />
      )}
      <AdministratorSection />
    </div>
  );
}
