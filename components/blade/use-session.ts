'use client';

import { useSyncExternalStore } from 'react';
import { session, sessionOnServer, type SessionState } from '@/lib/auth/session';

/** Who is signed in, as far as it is known. */
export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.current, sessionOnServer);
}
