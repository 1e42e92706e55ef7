import type { Clock } from '../clock.ts';

const FREE_TRIES = 5;
const LONGEST_WAIT_SECONDS = 60;

export interface PasswordAttempts {
  /** Seconds until this account may try again; 0 when it may now. */
  waitSeconds(accountId: string): number;
  failed(accountId: string): void;
  succeeded(accountId: string): void;
}

/**
 * Slows guessing down: five tries are free, then each failure doubles the wait, up to a minute. An account is never
 * locked for good, since whoever could do that could lock its owner out.
 */
export function createPasswordAttempts(clock: Clock): PasswordAttempts {
  const failures = new Map<string, { count: number; openAt: number }>();
  return {
    waitSeconds(accountId) {
      const openAt = failures.get(accountId)?.openAt ?? 0;
      return Math.max(0, Math.ceil((openAt - clock.now()) / 1000));
    },
    failed(accountId) {
      const count = (failures.get(accountId)?.count ?? 0) + 1;
      const wait = count < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_SECONDS, 2 ** (count - FREE_TRIES));
      failures.set(accountId, { count, openAt: clock.now() + wait * 1000 });
    },
    succeeded(accountId) {
      failures.delete(accountId);
    },
  };
}
