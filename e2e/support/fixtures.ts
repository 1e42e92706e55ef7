import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import { Arm } from './arm.ts';
import { openSession } from './mysql.ts';
import { allowThisMachine, deleteGroup, makeGroup, makeServer, ownName, type OwnServer } from './servers.ts';
import { makeSignInLink, signInByLink, type Account } from './sign-in.ts';
import { readWorld, type World } from './world.ts';

export { expect };

interface Fixtures {
  world: World;
  arm: Arm;
  /** Name of a resource group that the test may make; it goes with all that is in it. */
  ownGroup: string;
  /** The same, made already. */
  group: string;
  signInLink(account: Account): Promise<string>;
  signIn(page: Page, account: Account): Promise<void>;
  /** A Ready server in the group, made over the API: for tests that are about something else. */
  server: OwnServer;
  /** Collects what the browser complains of, in every page of the test. */
  noErrors: void;
}

interface WorkerFixtures {
  /**
   * One Ready server with a rule "here", a database "shop" and one slow statement, in a group of its own, for tests that
   * only look.
   */
  shownServer: OwnServer;
}

/** An address that no page has, for the page that says so. */
export const NOWHERE = '/no-such-page';

export const test = base.extend<Fixtures, WorkerFixtures>({
  // oxlint-disable-next-line no-empty-pattern
  world: async ({}, use) => use(readWorld()),
  arm: async ({ world }, use) => use(new Arm(world)),
  baseURL: async ({ world }, use) => use(world.portal),
  page: async ({ page, world }, use) => {
    const goto = page.goto.bind(page);
    page.goto = async (...args) => {
      const response = await goto(...args);
      // What the server rendered can be seen and clicked before anybody listens. Sign-in pages are somebody else's.
      await page.waitForFunction(
        (origin) =>
          location.origin !== origin || Object.keys(document).some((key) => key.startsWith('__reactContainer')),
        new URL(world.portal).origin,
      );
      return response;
    };
    await use(page);
  },

  ownGroup: async ({ arm }, use) => {
    const name = ownName('e2e');
    await use(name);
    await deleteGroup(arm, name);
  },
  group: async ({ arm, ownGroup }, use) => {
    await makeGroup(arm, ownGroup);
    await use(ownGroup);
  },
  server: async ({ arm, group }, use) => use(await makeServer(arm, group)),

  shownServer: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const world = readWorld();
      const arm = new Arm(world);
      const group = ownName('e2e-shown');
      await makeGroup(arm, group);
      const server = await makeServer(arm, group);
      await allowThisMachine(arm, server.id);
      await arm.run('PUT', `${server.id}/databases/shop`, { properties: {} });
      const session = await openSession(server.login, readFileSync(join(world.home, 'ca.pem')));
      await session.query("SELECT SLEEP(0.4), 'before' AS found");
      session.destroy();
      await use(server);
      await deleteGroup(arm, group);
    },
    { scope: 'worker' },
  ],

  signInLink: async ({ world }, use) => use((account) => makeSignInLink(world, account)),
  signIn: async ({ world }, use) => use((page, account) => signInByLink(world, page, account)),

  noErrors: [
    async ({ context }, use, testInfo) => {
      const complaints = collectComplaints(context);
      await use();
      if (testInfo.status !== testInfo.expectedStatus) {
        const { home } = readWorld();
        for (const name of ['daemon.log', 'portal.log']) {
          const file = join(home, name);
          if (existsSync(file)) await testInfo.attach(name, { body: readFileSync(file, 'utf8').slice(-20_000) });
        }
      }
      expect(complaints, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
});

function collectComplaints(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(`${error.page()?.url()}: ${error.error().stack}`));
  context.on('console', (message) => {
    if (isComplaint(message)) complaints.push(`${message.page()?.url()}: ${message.text()}`);
  });
  return complaints;
}

/** Chromium also reports every answer with a status from 400 on; where ARM refuses, or is away, a test wants to see it. */
function isComplaint(message: ConsoleMessage): boolean {
  if (message.type() !== 'error') return false;
  const answered = /^Failed to load resource: the server responded with a status of (4\d\d|503)/.test(message.text());
  const path = answered ? new URL(message.location().url).pathname : '';
  return !(path.startsWith('/api/') || path === NOWHERE);
}
