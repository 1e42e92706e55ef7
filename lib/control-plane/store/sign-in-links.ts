import type { Database } from './database.ts';

/** Keeps a link until it is used. The secret itself is never stored. */
export function addSignInLink(
  database: Database,
  link: { secretHash: string; accountId: string; /** Milliseconds since 1970. */ expiresAt: number },
): void {
  database
    .prepare(`INSERT INTO sign_in_links (secret_hash, account_id, expires_at) VALUES (?, ?, ?)`)
    .run(link.secretHash, link.accountId, link.expiresAt);
}

/**
 * Marks the link used and says whose it was. Two that come at once cannot both have it: the row changes once.
 *
 * @returns the account's object id; undefined when the link is unknown, used or too old.
 */
export function useSignInLink(database: Database, secretHash: string, now: number): string | undefined {
  const row = database
    .prepare(
      `UPDATE sign_in_links SET used_at = ?1
       WHERE secret_hash = ?2 AND used_at IS NULL AND expires_at > ?1 RETURNING account_id AS accountId`,
    )
    .get(now, secretHash) as { accountId: string } | undefined;
  return row?.accountId;
}

/** Forgets links that can no longer be used. */
export function removeOldSignInLinks(database: Database, now: number): void {
  database.prepare(`DELETE FROM sign_in_links WHERE expires_at <= ?`).run(now);
}
