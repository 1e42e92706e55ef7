/** Management locks: what each level keeps people from, said in the API's refusal and beside the disabled button. */

export const LOCK_LEVELS = ['CanNotDelete', 'ReadOnly'] as const;
export type LockLevel = (typeof LOCK_LEVELS)[number];

/** What a request would do to the scope that it names. */
export type LockedOperation = 'write' | 'delete';

export interface PlacedLock {
  /** Id of what it is on. */
  scope: string;
  level: LockLevel;
}

/**
 * The scopes whose locks forbid it, each once. A lock holds for what lies in its scope; what contains a locked resource
 * cannot be deleted either.
 *
 * @param scope id of what is written or deleted.
 */
export function lockedScopes(operation: LockedOperation, scope: string, locks: readonly PlacedLock[]): string[] {
  const forbidding = locks.filter((lock) => {
    if (operation === 'write') return lock.level === 'ReadOnly' && isWithin(scope, lock.scope);
    return isWithin(scope, lock.scope) || isWithin(lock.scope, scope);
  });
  return [...new Set(forbidding.map((lock) => lock.scope))];
}

/** In ARM's words. */
export function lockedMessage(operation: LockedOperation, scope: string, locked: readonly string[]): string {
  return (
    `The scope '${scope}' cannot perform ${operation} operation because following scope(s) are locked: ` +
    `'${locked.join("', '")}'. Please remove the lock and try again.`
  );
}

export function lockNameProblem(name: string): string | undefined {
  if (name.length > 260) return 'The name of a lock has 260 characters at most.';
  // eslint-disable-next-line no-control-regex -- these are what is forbidden
  if (/[<>%&:\\?/\u0000-\u001f]/.test(name) || name.trim() === '') {
    return 'The name of a lock must not be empty, and holds none of < > % & : \\ ? / and no control characters.';
  }
  return undefined;
}

function isWithin(scope: string, container: string): boolean {
  return `${scope.toLowerCase()}/`.startsWith(`${container.toLowerCase()}/`);
}
