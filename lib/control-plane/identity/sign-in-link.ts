import { parseArgs } from 'node:util';
import * as z from 'zod';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { homePaths } from '../home.ts';
import { openControlDatabase } from '../store/database.ts';
import { createSignInLink } from './one-time-links.ts';
import { readIfThere } from './private-file.ts';

const Ready = z.looseObject({ issuer: z.string() });

/** `npm run sign-in-link -- --account reader`: prints one more link for the Flexdeck that runs on this home. */
function main(): void {
  const { values } = parseArgs({ options: { account: { type: 'string', default: 'owner' } } });
  const paths = homePaths(readConfig().home);
  const ready = readIfThere(paths.readyFile);
  if (ready === undefined) throw new Error(`No Flexdeck runs on ${paths.home}. Start it with: npm start`);
  const { issuer } = Ready.parse(JSON.parse(ready));
  const database = openControlDatabase(paths.controlDatabase);
  try {
    process.stdout.write(`${createSignInLink(database, issuer, values.account, systemClock.now())}\n`);
  } finally {
    database.close();
  }
}

try {
  main();
} catch (failure) {
  process.stderr.write(`${(failure as Error).message}\n`);
  process.exitCode = 1;
}
