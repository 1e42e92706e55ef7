import { describe, expect, it } from 'vitest';
import { isAllowed } from './permissions.ts';

const write = 'Microsoft.DBforMySQL/flexibleServers/write';

describe('permissions', () => {
  it('match by pattern, without regard to case', () => {
    expect(isAllowed([{ actions: ['*'] }], write)).toBe(true);
    expect(isAllowed([{ actions: ['microsoft.dbformysql/*'] }], write)).toBe(true);
    expect(isAllowed([{ actions: ['*/read'] }], write)).toBe(false);
    expect(isAllowed([{ actions: ['*/read'] }], 'Microsoft.DBforMySQL/flexibleServers/databases/read')).toBe(true);
    expect(isAllowed([{ actions: ['Microsoft.DBforMySQL/flexibleServers'] }], write)).toBe(false);
    expect(isAllowed([{ actions: ['MicrosoftXDBforMySQL/*'] }], write)).toBe(false);
    expect(isAllowed([], write)).toBe(false);
  });

  it('take back by notActions only what the same role grants', () => {
    const contributor = { actions: ['*'], notActions: ['Microsoft.Authorization/*/write'] };
    const assign = 'Microsoft.Authorization/roleAssignments/write';
    expect(isAllowed([contributor], assign)).toBe(false);
    expect(isAllowed([contributor, { actions: ['Microsoft.Authorization/*'] }], assign)).toBe(true);
  });
});
