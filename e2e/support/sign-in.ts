import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import type { World } from './world.ts';

export type Account = 'owner' | 'contributor' | 'reader';

const SIGN_IN_LINK = fileURLToPath(new URL('../../lib/control-plane/identity/sign-in-link.ts', import.meta.url));
const execute = promisify(execFile);

/** Makes a one-time link, as `npm run sign-in-link` does. */
export async function makeSignInLink(world: World, account: Account): Promise<string> {
  const env = { ...process.env, FLEXDECK_HOME: world.home };
  const { stdout } = await execute(process.execPath, [SIGN_IN_LINK, '--account', account], { env });
  return stdout.trim();
}

/** Signs a page in by a one-time link; it ends on Home. */
export async function signInByLink(world: World, page: Page, account: Account): Promise<void> {
  await page.goto(await makeSignInLink(world, account));
  await page.getByRole('button', { name: `Account: ${account}@local` }).waitFor();
}
