import type { Database } from './database.ts';

/** Something the issuer keeps: a session, a grant, a code. `payload` is the issuer's own. */
export interface IssuerRecord {
  model: string;
  id: string;
  payload: Record<string, unknown>;
  /** Milliseconds since 1970; undefined never ends. */
  expiresAt: number | undefined;
}

export function putIssuerRecord(database: Database, { model, id, payload, expiresAt }: IssuerRecord): void {
  database
    .prepare(`INSERT OR REPLACE INTO issuer_records VALUES (?, ?, ?, ?, ?, ?, ?)`)
    .run(
      model,
      id,
      JSON.stringify(payload),
      text(payload.grantId),
      text(payload.userCode),
      text(payload.uid),
      expiresAt ?? null,
    );
}

export function findIssuerRecord(
  database: Database,
  model: string,
  by: { id: string } | { uid: string } | { userCode: string },
  now: number,
): Record<string, unknown> | undefined {
  const [column, value] = 'id' in by ? ['id', by.id] : 'uid' in by ? ['uid', by.uid] : ['user_code', by.userCode];
  const row = database
    .prepare(
      `SELECT payload FROM issuer_records
       WHERE model = ? AND ${column} = ? AND (expires_at IS NULL OR expires_at > ?)`,
    )
    .get(model, value!, now) as { payload: string } | undefined;
  return row && (JSON.parse(row.payload) as Record<string, unknown>);
}

/** Notes in its payload that a code or token was used, so that a second use is seen. */
export function consumeIssuerRecord(database: Database, model: string, id: string, now: number): void {
  database
    .prepare(`UPDATE issuer_records SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?`)
    .run(Math.floor(now / 1000), model, id);
}

export function removeIssuerRecord(database: Database, model: string, id: string): void {
  database.prepare(`DELETE FROM issuer_records WHERE model = ? AND id = ?`).run(model, id);
}

/** Removes every record of this model that came from one grant. */
export function removeIssuerRecordsOfGrant(database: Database, model: string, grantId: string): void {
  database.prepare(`DELETE FROM issuer_records WHERE model = ? AND grant_id = ?`).run(model, grantId);
}

export function removeExpiredIssuerRecords(database: Database, now: number): void {
  database.prepare(`DELETE FROM issuer_records WHERE expires_at <= ?`).run(now);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
