import { describe, expect, it } from 'vitest';
import { lockedMessage, lockedScopes, lockNameProblem, type PlacedLock } from './locks.ts';

const GROUP = '/subscriptions/s/resourceGroups/shop';
const SERVER = `${GROUP}/providers/Microsoft.DBforMySQL/flexibleServers/orders`;
const RULE = `${SERVER}/firewallRules/office`;

describe('locks', () => {
  it.each<[string, PlacedLock[], Parameters<typeof lockedScopes>[0], string, string[]]>([
    ['a delete lock leaves changes alone', [{ scope: SERVER, level: 'CanNotDelete' }], 'write', SERVER, []],
    ['a delete lock keeps its resource', [{ scope: SERVER, level: 'CanNotDelete' }], 'delete', SERVER, [SERVER]],
    ['… and what lies in it', [{ scope: SERVER, level: 'CanNotDelete' }], 'delete', RULE, [SERVER]],
    ['… and what it lies in', [{ scope: SERVER, level: 'CanNotDelete' }], 'delete', GROUP, [SERVER]],
    ['a read-only lock forbids changes', [{ scope: GROUP, level: 'ReadOnly' }], 'write', RULE, [GROUP]],
    ['… but not of what it lies in', [{ scope: SERVER, level: 'ReadOnly' }], 'write', GROUP, []],
    ['… and deletion of that', [{ scope: SERVER, level: 'ReadOnly' }], 'delete', GROUP, [SERVER]],
    [
      'case does not matter',
      [{ scope: GROUP.toUpperCase(), level: 'ReadOnly' }],
      'write',
      SERVER,
      [GROUP.toUpperCase()],
    ],
    ['a name that only begins alike is another', [{ scope: `${GROUP}2`, level: 'ReadOnly' }], 'write', SERVER, []],
    [
      'each scope is named once',
      [
        { scope: GROUP, level: 'ReadOnly' },
        { scope: GROUP, level: 'CanNotDelete' },
      ],
      'delete',
      SERVER,
      [GROUP],
    ],
  ])('%s', (_, locks, operation, scope, expected) => {
    expect(lockedScopes(operation, scope, locks)).toEqual(expected);
  });

  it('are told in ARM’s words', () => {
    expect(lockedMessage('delete', GROUP, [SERVER])).toBe(
      `The scope '${GROUP}' cannot perform delete operation because following scope(s) are locked: '${SERVER}'. Please remove the lock and try again.`,
    );
  });

  it('have names without what would break an id', () => {
    expect(lockNameProblem('keep it')).toBeUndefined();
    expect(lockNameProblem('a/b')).toMatch(/holds none of/);
    expect(lockNameProblem('x'.repeat(261))).toMatch(/260/);
  });
});
