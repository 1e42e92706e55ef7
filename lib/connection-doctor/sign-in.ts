import { connect } from 'node:net';
import mysql from 'mysql2/promise';
import { privilegesOn } from './grants.ts';

export interface Credentials {
  user: string;
  password: string;
  /** Empty: none. */
  database: string;
}

export interface SignInTarget {
  /** As DNS had it; connected to without asking again. */
  address: string;
  port: number;
  /** A DNS name that the server's certificate has, and must have again. */
  certificateName: string;
  /** PEM; undefined for the public authorities. */
  ca: string | undefined;
  timeoutMs: number;
}

/** MySQL's refusal, or why none came. */
export interface Refusal {
  errno: number | undefined;
  message: string;
}

export type SignInOutcome =
  | { signedIn: false; refusal: Refusal }
  | { signedIn: true; as: string; database: { privileges: string[] } | { refusal: Refusal } | undefined };

/** Signs in over TLS with a verified certificate, looks at the database, and leaves. The password goes nowhere else. */
export async function signIn(target: SignInTarget, credentials: Credentials): Promise<SignInOutcome> {
  let connection: mysql.Connection;
  try {
    connection = await mysql.createConnection({
      // mysql2 compares the certificate with `host`, and only with names; where to connect is the stream's matter.
      host: target.certificateName,
      stream: () => connect(target.port, target.address),
      user: credentials.user,
      password: credentials.password,
      connectTimeout: target.timeoutMs,
      ssl: {
        ...(target.ca !== undefined && { ca: target.ca }),
        rejectUnauthorized: true,
        verifyIdentity: true,
        minVersion: 'TLSv1.2',
      },
    });
  } catch (failure) {
    return { signedIn: false, refusal: toRefusal(failure) };
  }
  // A connection that breaks while it idles says so to nobody.
  connection.on('error', () => {});
  try {
    const [[who]] = await connection.query<mysql.RowDataPacket[]>('SELECT CURRENT_USER() AS account');
    const as = String(who?.account ?? credentials.user);
    if (credentials.database === '') return { signedIn: true, as, database: undefined };
    try {
      await connection.query('USE ??', [credentials.database]);
    } catch (failure) {
      return { signedIn: true, as, database: { refusal: toRefusal(failure) } };
    }
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SHOW GRANTS');
    const grants = rows.map((row) => String(Object.values(row)[0]));
    return { signedIn: true, as, database: { privileges: privilegesOn(credentials.database, grants) } };
  } catch (failure) {
    return { signedIn: false, refusal: toRefusal(failure) };
  } finally {
    connection.destroy();
  }
}

function toRefusal(failure: unknown): Refusal {
  const { errno, message, sqlMessage } = failure as { errno?: number; message?: string; sqlMessage?: string };
  return { errno, message: sqlMessage ?? message ?? 'The connection ended without a word.' };
}
