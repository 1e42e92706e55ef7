import type { Database } from './database.ts';

/** A person who can sign in at the local issuer. */
export interface Account {
  /** GUID: the `oid` of tokens, what role assignments name. */
  objectId: string;
  /** `owner@local` */
  userName: string;
  displayName: string;
  /** As `identity/password.ts` writes it; null until a password was set. */
  passwordHash: string | null;
}

const COLUMNS = `object_id AS objectId, user_name AS userName, display_name AS displayName, password_hash AS passwordHash`;

/** Adds an account unless one with this user name is there. */
export function addAccount(database: Database, account: Account): void {
  database
    .prepare(`INSERT INTO accounts VALUES (?, ?, ?, ?) ON CONFLICT (user_name) DO NOTHING`)
    .run(account.objectId, account.userName, account.displayName, account.passwordHash);
}

/** In the order in which they were made. */
export function listAccounts(database: Database): Account[] {
  return database.prepare(`SELECT ${COLUMNS} FROM accounts ORDER BY rowid`).all() as unknown as Account[];
}

export function findAccount(database: Database, objectId: string): Account | undefined {
  return database.prepare(`SELECT ${COLUMNS} FROM accounts WHERE object_id = ?`).get(objectId) as Account | undefined;
}

/** @param userName in any letters. */
export function findAccountByName(database: Database, userName: string): Account | undefined {
  return database.prepare(`SELECT ${COLUMNS} FROM accounts WHERE user_name = ?`).get(userName) as Account | undefined;
}

export function setPasswordHash(database: Database, objectId: string, passwordHash: string): void {
  database.prepare(`UPDATE accounts SET password_hash = ? WHERE object_id = ?`).run(passwordHash, objectId);
}
