'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { nameAvailabilityQuery } from '@/lib/queries/capabilities';
import { serverNameProblem } from '@/lib/rules/names';

export interface NameCheck {
  state: 'unknown' | 'checking' | 'available' | 'taken' | 'failed';
  message?: string;
}

const DEBOUNCE_MILLISECONDS = 400;

/** Asks whether the name is free, once it is a name at all and typing has paused. */
export function useNameAvailability(subscriptionId: string, serverName: string): NameCheck {
  const askable = subscriptionId !== '' && serverNameProblem(serverName) === undefined;
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(serverName), DEBOUNCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [serverName]);
  const query = useQuery({
    ...nameAvailabilityQuery(subscriptionId, settled),
    enabled: askable && settled === serverName,
  });
  if (!askable) return { state: 'unknown' };
  if (settled !== serverName || query.isFetching) return { state: 'checking' };
  if (query.error) {
    return {
      state: 'failed',
      message: `The name could not be checked: ${query.error.message} It is checked again when you create the server.`,
    };
  }
  if (!query.data) return { state: 'unknown' };
  if (query.data.nameAvailable) return { state: 'available' };
  return { state: 'taken', message: query.data.message || `The name “${serverName}” is taken. Choose another one.` };
}
