import type { Database } from '../store/database.ts';
import { addSignInLink, removeOldSignInLinks, useSignInLink } from '../store/sign-in-links.ts';
import { findAccount, findAccountByName, listAccounts, type Account } from '../store/accounts.ts';
import { hashSecret, newSecret } from './secrets.ts';

const LIFETIME_MINUTES = 10;

/**
 * Makes a link that signs a browser in once, within ten minutes. The secret is in the fragment, which no browser sends
 * and no server logs; the page behind the link POSTs it.
 *
 * @param issuer origin of the issuer, `http://localhost:8444`.
 * @param userName `owner@local`, or `owner` for short.
 * @throws {Error} when there is no such account, naming those that there are.
 */
export function createSignInLink(database: Database, issuer: string, userName: string, now: number): string {
  const account = accountNamed(database, userName);
  const secret = newSecret();
  removeOldSignInLinks(database, now);
  addSignInLink(database, {
    secretHash: hashSecret(secret),
    accountId: account.objectId,
    expiresAt: now + LIFETIME_MINUTES * 60_000,
  });
  return `${issuer}/sign-in#${secret}`;
}

/** @returns whose link it was; undefined when it is unknown, used or too old. */
export function redeemSignInLink(database: Database, secret: string, now: number): Account | undefined {
  const accountId = useSignInLink(database, hashSecret(secret), now);
  return accountId === undefined ? undefined : findAccount(database, accountId);
}

/** @throws {Error} when there is no such account, naming those that there are. */
export function accountNamed(database: Database, userName: string): Account {
  const found = findAccountByName(database, userName.includes('@') ? userName : `${userName}@local`);
  if (found) return found;
  const names = listAccounts(database).map((account) => account.userName);
  throw new Error(`There is no account '${userName}'. The accounts are: ${names.join(', ')}.`);
}
