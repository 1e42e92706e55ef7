import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Database } from '../store/database.ts';
import {
  consumeIssuerRecord,
  findIssuerRecord,
  putIssuerRecord,
  removeExpiredIssuerRecords,
  removeIssuerRecord,
  removeIssuerRecordsOfGrant,
} from '../store/issuer-records.ts';

/** Keeps what the issuer knows in control.db, so that sessions outlive the daemon. In real time, as tokens are. */
export function issuerAdapter(database: Database): (model: string) => Adapter {
  return (model) => ({
    async upsert(id, payload, expiresIn) {
      // A session is written at each sign-in: often enough to clear out what ended, seldom enough to cost nothing.
      if (model === 'Session') removeExpiredIssuerRecords(database, Date.now());
      const expiresAt = expiresIn ? Date.now() + expiresIn * 1000 : undefined;
      putIssuerRecord(database, { model, id, payload: payload as Record<string, unknown>, expiresAt });
    },
    async find(id) {
      return findIssuerRecord(database, model, { id }, Date.now()) as AdapterPayload | undefined;
    },
    async findByUid(uid) {
      return findIssuerRecord(database, model, { uid }, Date.now()) as AdapterPayload | undefined;
    },
    async findByUserCode(userCode) {
      return findIssuerRecord(database, model, { userCode }, Date.now()) as AdapterPayload | undefined;
    },
    async consume(id) {
      consumeIssuerRecord(database, model, id, Date.now());
    },
    async destroy(id) {
      removeIssuerRecord(database, model, id);
    },
    async revokeByGrantId(grantId) {
      removeIssuerRecordsOfGrant(database, model, grantId);
    },
  });
}
