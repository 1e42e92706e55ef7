import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { serverId } from '../lib/arm/resource-id.ts';
import { paths, type ServerBlade } from '../lib/paths.ts';
import { NOWHERE, test, expect } from './support/fixtures.ts';
import type { OwnServer } from './support/servers.ts';

const SERVER_BLADES = Object.keys({
  overview: true,
  'activity-log': true,
  tags: true,
  connect: true,
  'compute-storage': true,
  networking: true,
  databases: true,
  'server-parameters': true,
  'high-availability': true,
  backup: true,
  maintenance: true,
  locks: true,
  properties: true,
  metrics: true,
  'server-logs': true,
  'query-insights': true,
  alerts: true,
  diagnose: true,
} satisfies Record<ServerBlade, true>) as ServerBlade[];

/** Charts are fetched there at once. */
const WITH_CHARTS = ['metrics', 'query-insights'];
/** Of JavaScript over the wire, gzip, for a blade without charts; docs/figures.md has what each weighs. */
const MOST_KILOBYTES = 300;

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

/** Every page, and the panes that hold forms, by address: what is open is in the URL. */
function addresses(server: OwnServer): string[] {
  return [
    paths.home(),
    paths.servers(),
    paths.deletedServers(),
    paths.createServer(),
    ...['networking', 'security', 'tags', 'review'].map((tab) => `${paths.createServer()}?tab=${tab}`),
    `${paths.createServer()}?pane=size`,
    paths.deployment(server),
    ...SERVER_BLADES.map((blade) => paths.server(server, blade)),
    `${paths.server(server)}?pane=restart`,
    `${paths.server(server)}?pane=delete`,
    `${paths.server(server, 'databases')}?pane=create`,
    `${paths.server(server, 'high-availability')}?pane=enable`,
    ...['backup', 'settings', 'restore', 'recover'].map((pane) => paths.server(server, 'backup', pane)),
    `${paths.server(server, 'high-availability')}?pane=failover`,
    `${paths.server(server, 'high-availability')}?pane=rehearse`,
    `${paths.server(server, 'high-availability')}?zone=2`,
    ...['sessions', 'locks', 'advice'].map((tab) => `${paths.server(server, 'query-insights')}?tab=${tab}`),
    `${paths.server(server, 'server-parameters')}?pane=import`,
    `${paths.server(server, 'compute-storage')}?pane=schedule`,
    `${paths.server(server, 'locks')}?pane=add`,
    ...['rule', 'group', 'recommended', 'mute'].map((pane) => `${paths.server(server, 'alerts')}?pane=${pane}`),
    NOWHERE,
  ];
}

/** Until nothing loads any more: no skeleton, no spinner. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  if (new URL(page.url()).searchParams.has('pane')) {
    await expect(page.getByRole('dialog').or(page.getByRole('alertdialog'))).toBeVisible();
  }
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  // Panes and popovers slide in; colours are judged when they stand still.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished),
    ),
  );
}

/** Of axe's rules those that depend on colours alone: what else it looks at is the same in both themes. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

async function expectNoViolations(page: Page, where: string, rules?: string[]): Promise<void> {
  // Nothing is framed here, so that axe need not gather what it finds in a page of its own.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (rules) axe.withRules(rules);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect.soft(found, where).toEqual([]);
}

/** As the page stands, in both themes; it ends in the light one. */
async function expectNoViolationsInBothThemes(page: Page, where: string): Promise<void> {
  await expectNoViolations(page, where);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await settled(page);
  await expectNoViolations(page, `${where} in dark`, COLOUR_RULES);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What a first load of this page fetches of scripts; what the browser has in its cache counts as much. */
async function expectLight(page: Page, where: string): Promise<void> {
  const bytes = await page.evaluate(() => {
    const scripts = performance.getEntriesByType('resource').filter(({ name }) => /\/_next\/.*\.js$/.test(name));
    const sizes = scripts.map((one) => [one.name, (one as PerformanceResourceTiming).encodedBodySize] as const);
    return [...new Map(sizes).values()].reduce((sum, size) => sum + size, 0);
  });
  expect.soft(bytes / 1000, `kB of scripts of ${where}`).toBeLessThanOrEqual(MOST_KILOBYTES);
  // The portal's frame alone has more: otherwise nothing was counted.
  expect.soft(bytes / 1000, `kB of scripts of ${where}`).toBeGreaterThan(200);
}

async function expectNoOverflow(page: Page, where: string): Promise<void> {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  expect.soft(content, `${where} is wider than the window`).toBeLessThanOrEqual(window);
}

test('every blade passes axe in both themes and fits its window', async ({ page, signIn, shownServer }) => {
  // Many pages: three times the usual limit, for machines that do something else as well.
  test.slow();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(DESK);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expectNoViolationsInBothThemes(page, 'the sign-in page');
  await signIn(page, 'owner');
  for (const address of addresses(shownServer)) {
    await page.setViewportSize(DESK);
    await page.goto(address);
    await settled(page);
    if (!address.includes('?') && !WITH_CHARTS.some((blade) => address.endsWith(`/${blade}`))) {
      await expectLight(page, address);
    }
    await expectNoViolationsInBothThemes(page, address);
    await expectNoOverflow(page, address);
    await page.setViewportSize(PHONE);
    await settled(page);
    await expectNoOverflow(page, `${address} on a phone`);
  }
});

test('the keyboard opens and leaves everything, and focus returns to where it was', async ({
  page,
  signIn,
  shownServer,
}) => {
  await signIn(page, 'owner');
  await page.goto(paths.server(shownServer));
  const restart = page.getByRole('toolbar', { name: 'Commands' }).getByRole('button', { name: 'Restart' });
  const palette = page.getByRole('dialog', { name: 'Search' });

  await test.step('the palette', async () => {
    await expect(restart).toBeEnabled();
    await restart.focus();
    for (const key of ['Control+k', '/']) {
      await page.keyboard.press(key);
      await expect(palette.getByRole('combobox')).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(palette).toBeHidden();
      await expect(restart).toBeFocused();
    }
    await page.keyboard.press('/');
    await page.keyboard.type(serverId(shownServer));
    await expect(palette.getByText(`Open ${shownServer.serverName}`)).toBeVisible();
    await palette.getByRole('combobox').fill('networking');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`${paths.server(shownServer, 'networking')}$`));
    await page.goBack();
  });

  await test.step('a pane', async () => {
    await restart.focus();
    await page.keyboard.press('Enter');
    const pane = page.getByRole('dialog', { name: `Restart ${shownServer.serverName}` });
    await expect(pane).toBeVisible();
    await page.keyboard.press('Tab');
    expect(await pane.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await expect(pane).toBeHidden();
    await expect(restart).toBeFocused();
  });

  await test.step('the commands that find no room', async () => {
    await page.setViewportSize(PHONE);
    const more = page.getByRole('button', { name: 'More commands' });
    await more.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
    const question = page.getByRole('alertdialog', { name: `Delete ${shownServer.serverName}?` });
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await expect(more).toBeFocused();
    await page.setViewportSize(DESK);
    await expect(more).toBeHidden();
  });

  await test.step('the menus of the bar', async () => {
    for (const name of ['Theme', 'Account: owner@local', /^Operations/]) {
      const trigger = page.getByRole('banner').getByRole('button', { name });
      await trigger.focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
      await expect(trigger).toBeFocused();
    }
  });
});
