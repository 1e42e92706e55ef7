/**
 * `npm run screenshots`: takes the pictures of the README from a real portal with real servers, at 1440×900. Needs
 * `npm run build`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { readConfig } from '../../lib/control-plane/config.ts';
import { paths } from '../../lib/paths.ts';
import { findChromium } from '../../scripts/chromium.mjs';
import { Arm } from './arm.ts';
import { tokenOf } from './portal.ts';
import { allowThisMachine, makeGroup, makeServer, type OwnServer } from './servers.ts';
import setUp from './set-up.ts';
import { signInByLink } from './sign-in.ts';
import { readWorld } from './world.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url));

/** What the person who looks has made. */
async function makeFleet(arm: Arm): Promise<OwnServer> {
  await makeGroup(arm, 'rg-shop');
  const tags = { environment: 'production', team: 'orders' };
  const [orders, ...others] = await Promise.all(
    ['orders-prod', 'orders-test', 'billing'].map((name) => makeServer(arm, 'rg-shop', name, tags)),
  );
  await Promise.all([orders!, ...others].map(({ id }) => allowThisMachine(arm, id)));
  await arm.run('PUT', `${orders!.id}/databases/shop`, { properties: {} });
  await arm.run('POST', `${others[0]!.id}/stop`);
  return orders!;
}

async function takePictures(): Promise<void> {
  const world = readWorld();
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({
      baseURL: world.portal,
      viewport: { width: 1440, height: 900 },
      colorScheme: 'light',
    });
    await signInByLink(world, page, 'owner');
    const orders = await makeFleet(new Arm(world, await tokenOf(page)));
    await take(page, 'create', paths.createServer());
    await take(page, 'overview', paths.server(orders));
  } finally {
    await browser.close();
  }
}

async function take(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

process.env.FLEXDECK_RUNTIMES ??= readConfig().runtimesFolder;
mkdirSync(IMAGES, { recursive: true });
const tearDown = await setUp();
try {
  await takePictures();
} finally {
  await tearDown();
}
