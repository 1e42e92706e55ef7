import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test as base, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test';
import type { ServerKey } from '../../lib/arm/resource-id.ts';
import { resourceGroupId, serverId } from '../../lib/arm/resource-id.ts';
import { Arm } from './arm.ts';
import type { Login } from './mysql.ts';
import { readWorld, type World } from './world.ts';

export { expect };
export type Account = 'owner' | 'contributor' | 'reader';

/** A server that a test owns. */
export interface OwnServer extends ServerKey {
  id: string;
  login: Login;
}

interface Fixtures {
  world: World;
  arm: Arm;
  /** Name of a resource group that the test may make; it goes with all that is in it. */
  ownGroup: string;
  /** The same, made already. */
  group: string;
  /** Makes a one-time link, as `npm run sign-in-link` does. */
  signInLink(account: Account): Promise<string>;
  /** Signs a page in by a one-time link. */
  signIn(page: Page, account: Account): Promise<void>;
  /** A Ready server in the group, made over the API: for tests that are about something else. */
  server: OwnServer;
  /** Collects what the browser complains of, in every page of the test. */
  noErrors: void;
}

interface WorkerFixtures {
  /** One Ready server with a rule "here" and a database "shop", in a group of its own, for tests that only look. */
  shownServer: OwnServer;
}

const SIGN_IN_LINK = fileURLToPath(new URL('../../lib/control-plane/identity/sign-in-link.ts', import.meta.url));
const execute = promisify(execFile);

/** A name that nobody else has. */
export function ownName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

export const PASSWORD = 'Correct-horse-9';

export const test = base.extend<Fixtures, WorkerFixtures>({
  // oxlint-disable-next-line no-empty-pattern
  world: async ({}, use) => use(readWorld()),
  arm: async ({ world }, use) => use(new Arm(world)),
  baseURL: async ({ world }, use) => use(world.portal),

  ownGroup: async ({ world, arm }, use) => {
    const name = ownName('e2e');
    await use(name);
    await deleteGroup(arm, world, name);
  },
  group: async ({ world, arm, ownGroup }, use) => {
    await makeGroup(arm, world, ownGroup);
    await use(ownGroup);
  },

  server: async ({ world, arm, group }, use) => use(await makeServer(arm, world, group)),

  shownServer: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const world = readWorld();
      const arm = new Arm(world);
      const group = ownName('e2e-shown');
      await makeGroup(arm, world, group);
      const server = await makeServer(arm, world, group);
      await allowThisMachine(arm, server.id);
      await arm.run('PUT', `${server.id}/databases/shop`, { properties: {} });
      await use(server);
      await deleteGroup(arm, world, group);
    },
    { scope: 'worker' },
  ],

  signInLink: async ({ world }, use) =>
    use(async (account) => {
      const env = { ...process.env, FLEXDECK_HOME: world.home };
      const { stdout } = await execute(process.execPath, [SIGN_IN_LINK, '--account', account], { env });
      return stdout.trim();
    }),

  signIn: async ({ signInLink }, use) =>
    use(async (page, account) => {
      await page.goto(await signInLink(account));
      await expect(page.getByRole('button', { name: `Account: ${account}@local` })).toBeVisible();
    }),

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

/** Chromium also reports every answer with a status from 400 on; where ARM refuses, that is what a test wants to see. */
function isComplaint(message: ConsoleMessage): boolean {
  if (message.type() !== 'error') return false;
  const answered = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
  return !(answered && new URL(message.location().url).pathname.startsWith('/api/'));
}

async function makeGroup(arm: Arm, world: World, name: string): Promise<void> {
  const made = await arm.send('PUT', resourceGroupId(world.subscriptionId, name), { location: 'westeurope' });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
}

async function deleteGroup(arm: Arm, world: World, name: string): Promise<void> {
  const deleted = await arm.send('DELETE', resourceGroupId(world.subscriptionId, name));
  if (deleted.status === 404) return;
  const { pathname, search } = new URL(deleted.headers.location!);
  await expect(async () => expect((await arm.send('GET', pathname + search)).status).toBeLessThan(202)).toPass({
    intervals: [100],
    timeout: 60_000,
  });
}

async function makeServer(arm: Arm, world: World, group: string): Promise<OwnServer> {
  const key = { subscriptionId: world.subscriptionId, resourceGroup: group, serverName: ownName('srv') };
  const id = serverId(key);
  const user = 'shopadmin';
  await arm.run('PUT', id, {
    location: 'westeurope',
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: { administratorLogin: user, administratorLoginPassword: PASSWORD },
  });
  return { ...key, id, login: await loginOf(arm, id, user, PASSWORD) };
}

/** A firewall rule for the clients of these tests. */
export async function allowThisMachine(arm: Arm, id: string): Promise<void> {
  await arm.run('PUT', `${id}/firewallRules/here`, {
    properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' },
  });
}

/** Where a server listens, and these credentials. */
export async function loginOf(arm: Arm, id: string, user: string, password: string): Promise<Login> {
  const { body } = await arm.send('GET', `${id}?api-version=2024-12-30`);
  const { fullyQualifiedDomainName: host, databasePort: port = 3306 } = body.properties;
  return { host, port, certificateName: `${body.name}.mysql.localhost`, user, password };
}
