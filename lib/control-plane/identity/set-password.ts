import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { homePaths } from '../home.ts';
import { setPasswordHash } from '../store/accounts.ts';
import { openControlDatabase } from '../store/database.ts';
import { accountNamed } from './one-time-links.ts';
import { hashPassword } from './password.ts';

/**
 * `npm run set-password -- --account owner`: asks for a password, or reads it from a pipe, and sets it. Works whether
 * Flexdeck runs or not, and needs no old password: whoever can write to the home could write anything into it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { account: { type: 'string', default: 'owner' } } });
  const paths = homePaths(readConfig().home);
  if (!existsSync(paths.controlDatabase)) throw new Error(`${paths.home} is empty. Start Flexdeck first: npm start`);
  const database = openControlDatabase(paths.controlDatabase);
  try {
    const account = accountNamed(database, values.account);
    const passwordHash = await hashPassword(await askPassword(`New password for ${account.userName}: `));
    setPasswordHash(database, account.objectId, passwordHash);
    process.stdout.write(`${account.userName} can sign in with it now.\n`);
  } finally {
    database.close();
  }
}

/** One line of the standard input, not shown while it is typed. */
async function askPassword(question: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true });
  for await (const line of lines) {
    if (process.stdin.isTTY) process.stderr.write('\n');
    lines.close();
    return line;
  }
  throw new Error('No password was given.');
}

try {
  await main();
} catch (failure) {
  process.stderr.write(`${(failure as Error).message}\n`);
  process.exitCode = 1;
}
