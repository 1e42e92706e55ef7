'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { capabilitiesQuery } from '@/lib/queries/capabilities';
import { locationOffer, type LocationOffer } from '@/lib/rules/location-offer';

/** What the chosen location offers; undefined while it is read. */
export function useLocationOffer(subscriptionId: string, location: string) {
  const query = useQuery(capabilitiesQuery(subscriptionId, location));
  const offer = useMemo<LocationOffer | undefined>(() => query.data && locationOffer(query.data), [query.data]);
  return { offer, query };
}
