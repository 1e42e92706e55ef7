import type { Database } from './database.ts';

/** What automation signs in as. */
export interface ServicePrincipal {
  objectId: string;
  /** The application's id, `client_id` at the token endpoint. */
  clientId: string;
  displayName: string;
  /** SHA-256 of the secret: it is 256 random bits, so nothing slower is needed. */
  secretHash: string;
}

const COLUMNS = `object_id AS objectId, client_id AS clientId, display_name AS displayName, secret_hash AS secretHash`;

/** Adds it, or gives the one with this client id its new name and secret. */
export function putServicePrincipal(database: Database, principal: ServicePrincipal): void {
  database
    .prepare(
      `INSERT INTO service_principals VALUES (?, ?, ?, ?)
       ON CONFLICT (client_id) DO UPDATE SET display_name = excluded.display_name, secret_hash = excluded.secret_hash`,
    )
    .run(principal.objectId, principal.clientId, principal.displayName, principal.secretHash);
}

export function listServicePrincipals(database: Database): ServicePrincipal[] {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM service_principals ORDER BY rowid`).all();
  return rows as unknown as ServicePrincipal[];
}

export function findServicePrincipal(database: Database, clientId: string): ServicePrincipal | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM service_principals WHERE client_id = ?`).get(clientId);
  return row as ServicePrincipal | undefined;
}
