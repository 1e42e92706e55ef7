import { ArmError } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';

export type RequestKind = 'reads' | 'writes' | 'deletes';

/** A bucket holds `burst` requests and gains `perSecond`. */
export interface RateLimit {
  burst: number;
  perSecond: number;
}

/** ARM's refill rates per principal and subscription; its former hourly limits as the burst. */
export const ARM_RATE_LIMITS: Record<RequestKind, RateLimit> = {
  reads: { burst: 12_000, perSecond: 25 },
  writes: { burst: 1_200, perSecond: 10 },
  deletes: { burst: 1_200, perSecond: 10 },
};

/** 429 tells when to come back. */
export class TooManyRequests extends ArmError {
  readonly retryAfterSeconds: number;

  constructor(kind: RequestKind, subscriptionId: string, principalId: string, retryAfterSeconds: number) {
    super(
      'SubscriptionRequestsThrottled',
      429,
      `Number of '${kind}' requests for subscription '${subscriptionId}' actor '${principalId}' exceeded. Please try again ` +
        `after '${retryAfterSeconds}' seconds after additional tokens are available.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Takes one request from a bucket; answers how many are left. @throws {TooManyRequests} */
export type Throttle = (principalId: string, subscriptionId: string, kind: RequestKind) => number;

export function createThrottle(clock: Clock, limits: Record<RequestKind, RateLimit>): Throttle {
  const buckets = new Map<string, { left: number; at: number }>();
  return (principalId, subscriptionId, kind) => {
    const { burst, perSecond } = limits[kind];
    const key = `${principalId} ${subscriptionId.toLowerCase()} ${kind}`;
    const now = clock.now();
    const known = buckets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, known.left + (Math.max(0, now - known.at) / 1000) * perSecond);
    buckets.set(key, { left: left < 1 ? left : left - 1, at: now });
    if (left < 1) throw new TooManyRequests(kind, subscriptionId, principalId, Math.ceil((1 - left) / perSecond));
    return Math.floor(left - 1);
  };
}

export function kindOf(method: string): RequestKind {
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}
