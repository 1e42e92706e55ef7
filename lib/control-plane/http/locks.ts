import { ArmError } from '../../arm/error.ts';
import { lockedMessage, lockedScopes, type PlacedLock } from '../../rules/locks.ts';

/** What the pipeline asks: locks on a scope, on what it lies in and on what lies in it. */
export type LocksAround = (scope: string) => readonly PlacedLock[];

/**
 * Refuses what a management lock forbids: deleting under or over one, and under a read-only one every write and action.
 * Locks themselves can always be seen to, by those who may.
 *
 * @param segments of the path, decoded.
 * @throws {ArmError} ScopeLocked 409, in ARM's words.
 */
export function requireUnlocked(locksAround: LocksAround, method: string, segments: readonly string[]): void {
  if (method === 'GET' || method === 'HEAD' || segments[0]?.toLowerCase() !== 'subscriptions') return;
  const text = segments.map((segment) => segment.toLowerCase());
  const provider = text.lastIndexOf('providers');
  if (provider >= 0 && text[provider + 1] === 'microsoft.authorization' && text[provider + 2] === 'locks') return;
  // What is asked of a provider itself (is a name free?) changes nothing that a lock could be on.
  if (method === 'POST' && text[2] !== 'resourcegroups') return;
  const scope = `/${(method === 'POST' ? segments.slice(0, -1) : segments).join('/')}`;
  const operation = method === 'DELETE' ? 'delete' : 'write';
  const locked = lockedScopes(operation, scope, locksAround(scope));
  if (locked.length === 0) return;
  throw new ArmError('ScopeLocked', 409, lockedMessage(operation, scope, locked));
}
