import type { Hop } from '../rules/connection-report.ts';
import type { Patient } from './patient.ts';
import { signIn, type Refusal } from './sign-in.ts';

const ACCESS_DENIED = 1045;
const DATABASE_ACCESS_DENIED = 1044;
const UNKNOWN_DATABASE = 1049;
const TOO_MANY_CONNECTIONS = 1040;
/** What nearly every application does. */
const EVERYDAY = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** The last two hops: whether the account gets in, and what it may do in the database. */
export async function* signInHops(
  { credentials, ca, port, administratorLogin }: Patient,
  { address, certificateName, timeoutMs }: { address: string; certificateName: string | undefined; timeoutMs: number },
): AsyncGenerator<Hop> {
  if (!credentials) {
    yield { id: 'signIn', status: 'skipped', detail: 'Type a password to try it.' };
    yield { id: 'database', status: 'skipped', detail: 'Type a password to try it.' };
    return;
  }
  if (certificateName === undefined) {
    yield {
      id: 'signIn',
      status: 'skipped',
      detail: 'The certificate has no name to verify before a password is sent.',
    };
    yield { id: 'database', status: 'skipped', detail: 'Not tried without signing in.' };
    return;
  }
  const from = performance.now();
  const outcome = await signIn({ address, port, certificateName, ca, timeoutMs }, credentials);
  if (!outcome.signedIn) {
    yield signInFailure(outcome.refusal, credentials.user, administratorLogin);
    return;
  }
  const milliseconds = Math.round(performance.now() - from);
  yield { id: 'signIn', status: 'passed', detail: `Signed in as ${outcome.as}.`, milliseconds };
  const { database } = credentials;
  if (!outcome.database) {
    yield { id: 'database', status: 'skipped', detail: 'No database is chosen.' };
  } else if ('refusal' in outcome.database) {
    yield databaseFailure(outcome.database.refusal, database, outcome.as);
  } else {
    yield privilegesHop(outcome.database.privileges, database);
  }
}

function signInFailure({ errno, message }: Refusal, user: string, administratorLogin: string | undefined): Hop {
  if (errno === ACCESS_DENIED) {
    const isAdministrator = user === administratorLogin;
    return {
      id: 'signIn',
      status: 'failed',
      detail: `${message}. The user name or the password is wrong.`,
      ...(isAdministrator && { fix: { kind: 'resetPassword' } }),
    };
  }
  if (errno === TOO_MANY_CONNECTIONS) {
    return { id: 'signIn', status: 'failed', detail: 'The server has as many sessions as it takes. End some of them.' };
  }
  return { id: 'signIn', status: 'failed', detail: message };
}

function databaseFailure({ errno, message }: Refusal, database: string, account: string): Hop {
  if (errno === UNKNOWN_DATABASE) {
    const detail = `There is no database “${database}”.`;
    return { id: 'database', status: 'failed', detail, fix: { kind: 'createDatabase' } };
  }
  if (errno === DATABASE_ACCESS_DENIED) {
    const detail = `${account} may not use “${database}”. Grant it, as the admin: GRANT ALL ON \`${database}\`.* TO …`;
    return { id: 'database', status: 'failed', detail };
  }
  return { id: 'database', status: 'failed', detail: message };
}

function privilegesHop(privileges: readonly string[], database: string): Hop {
  const all = privileges.some((privilege) => privilege.startsWith('ALL PRIVILEGES'));
  const missing = all ? [] : EVERYDAY.filter((privilege) => !privileges.includes(privilege));
  const others = privileges.filter((privilege) => !EVERYDAY.includes(privilege)).length;
  if (all) return { id: 'database', status: 'passed', detail: `It has every privilege on “${database}”.` };
  if (missing.length === 0) {
    const more = others === 0 ? '' : ` and ${others} more`;
    return { id: 'database', status: 'passed', detail: `It may ${EVERYDAY.join(', ')}${more} on “${database}”.` };
  }
  return {
    id: 'database',
    status: 'warned',
    detail: `It may use “${database}”, but has no ${missing.join(', ')} on all of it.`,
  };
}
