import { transaction, type Database } from '../store/database.ts';
import { addAccount, findAccountByName } from '../store/accounts.ts';
import { addRoleAssignment, type RoleName } from '../store/role-assignments.ts';

/** Three people to rehearse with, one for each built-in role. */
const LOCAL_ACCOUNTS: readonly { userName: string; displayName: string; role: RoleName }[] = [
  { userName: 'owner@local', displayName: 'Local owner', role: 'Owner' },
  { userName: 'contributor@local', displayName: 'Local contributor', role: 'Contributor' },
  { userName: 'reader@local', displayName: 'Local reader', role: 'Reader' },
];

/** What the sign-in page says that a role is for. */
export const ROLE_IN_WORDS: Record<RoleName, string> = {
  Owner: 'Everything, access included',
  Contributor: 'Everything but access',
  Reader: 'Sees all, changes nothing',
};

/** Makes the accounts with their roles on the subscription, where they are missing. Safe to repeat. */
export function ensureLocalAccounts(database: Database, subscriptionId: string, randomId: () => string): void {
  transaction(database, () => {
    for (const { userName, displayName, role } of LOCAL_ACCOUNTS) {
      if (findAccountByName(database, userName)) continue;
      const objectId = randomId();
      addAccount(database, { objectId, userName, displayName, passwordHash: null });
      addRoleAssignment(database, {
        id: randomId(),
        principalId: objectId,
        role,
        scope: `/subscriptions/${subscriptionId}`,
      });
    }
  });
}
