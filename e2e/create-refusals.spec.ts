import type { Locator, Page } from '@playwright/test';
import { resourceGroupId } from '../lib/arm/resource-id.ts';
import { emptyCreateServerForm } from '../lib/rules/workload-presets.ts';
import { test, expect } from './support/fixtures.ts';
import { builtActions, callAction, openCreate, tokenOf } from './support/portal.ts';
import { ownName, PASSWORD } from './support/servers.ts';

/** Types into a field and leaves it. */
async function type(field: Locator, text: string): Promise<void> {
  await field.fill(text);
  await field.blur();
}

async function expectRefused(field: Locator, words: string | RegExp): Promise<void> {
  await expect(field).toHaveAccessibleDescription(words);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name });

test('what is wrong with a new server stands beside its field, and nothing is made', async ({
  page,
  request,
  signIn,
  arm,
  world,
  group,
  shownServer,
}) => {
  await signIn(page, 'owner');
  await openCreate(page);

  await test.step('Basics', async () => {
    const name = page.getByLabel('Server name');
    await type(name, shownServer.serverName);
    await expectRefused(name, /taken|already/);
    await type(name, 'Orders_Prod-');
    await expectRefused(name, /only lower-case letters, digits and hyphens/);
    const login = page.getByLabel('Admin name');
    await type(login, 'root');
    await expectRefused(login, /“root” is reserved/);
    const password = page.getByLabel(/^Password/);
    await type(password, 'short');
    await expectRefused(password, /at least 8 characters/);
    await type(password, 'onlyletters');
    await expectRefused(password, /needs three of/);
    const again = page.getByLabel(/^Confirm password/);
    await type(again, 'something-else');
    await expectRefused(again, 'The two passwords differ.');
  });

  await test.step('Compute + storage', async () => {
    await page.getByRole('button', { name: 'Change size' }).click();
    const pane = page.getByRole('dialog', { name: 'Compute + storage' });
    const storage = pane.getByRole('spinbutton', { name: 'Storage' });
    await type(storage, '5');
    await expectRefused(storage, /whole number of GiB from 20/);
    await expect(pane).toContainText('Correct what is marked to see what it costs.');
    await type(storage, '');
    await expectRefused(storage, /whole number of GiB from 20/);
    await expect(pane.getByRole('button', { name: 'Use this size' })).toBeDisabled();
    await page.keyboard.press('Escape');
    await expect(pane).toBeHidden();
  });

  await test.step('Networking', async () => {
    await tab(page, 'Networking').click();
    await expect(tab(page, 'Basics')).toHaveAccessibleName(/has errors/);
    await page.getByRole('button', { name: 'Add a range' }).click();
    await page.getByLabel('Rule name of rule 1').fill('office');
    await type(page.getByLabel('Start IP address of rule 1'), '203.0.113.9');
    await expect(page.getByLabel('End IP address of rule 1')).toHaveValue('203.0.113.9');
    await type(page.getByLabel('End IP address of rule 1'), '203.0.113.1');
    await expectRefused(page.getByLabel('End IP address of rule 1'), /The range is inverted/);
  });

  await test.step('Review + create', async () => {
    await tab(page, 'Review + create').click();
    await expect(tab(page, 'Networking')).toHaveAccessibleName(/has errors/);
    const faults = page.getByRole('tabpanel').getByRole('listitem');
    await expect(faults.filter({ hasText: 'The range is inverted' })).toBeVisible();
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await expect(create).toBeDisabled();
    await expect(create).toHaveAccessibleDescription(/Correct \d things first/);
    await page.getByRole('button', { name: /“root” is reserved/ }).click();
    await expect(page.getByLabel('Admin name')).toBeFocused();
  });

  await test.step('a reload keeps what was typed, but for the passwords, and so does a look elsewhere', async () => {
    await page.reload();
    await expect(page.getByText('What you had filled in is back.')).toBeVisible();
    await expect(page.getByLabel('Server name')).toHaveValue('Orders_Prod-');
    await expect(page.getByLabel(/^Password/)).toHaveValue('');
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('onlyletters');
    await page.getByRole('navigation').getByRole('link', { name: 'Servers' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Servers' })).toBeVisible();
    await page.goBack();
    await expect(page.getByLabel('Server name')).toHaveValue('Orders_Prod-');
  });

  await test.step('the same from somebody who goes around the form', async () => {
    const token = await tokenOf(page);
    const createServer = builtActions().find(({ name }) => name.endsWith(' createServer'))!;
    const good = {
      ...emptyCreateServerForm(),
      subscriptionId: world.subscriptionId,
      resourceGroup: group,
      serverName: ownName('never'),
      location: 'westeurope',
      version: '9.7',
      administratorLogin: 'shopadmin',
      administratorPassword: PASSWORD,
      confirmPassword: PASSWORD,
    };
    for (const [bad, words] of [
      [{ serverName: shownServer.serverName }, 'ServerNameAlreadyExists'],
      [{ serverName: '../x' }, 'only lower-case letters'],
      [{ administratorLogin: 'azure_superuser' }, 'reserved'],
      [{ administratorPassword: 'short', confirmPassword: 'short' }, 'at least 8 characters'],
      [{ storageGiB: 5 }, 'Storage must be'],
      [{ storageGiB: 'lots' }, 'InvalidForm'],
      [{ version: '5.7' }, 'ServerVersionNotSupported'],
      [{ location: 'atlantis' }, 'Location'],
      [{ skuName: 'Standard_Z1' }, 'Standard_Z1'],
    ] as const) {
      const { text } = await callAction(request, createServer, {
        portal: world.portal,
        args: [token, { ...good, ...bad }],
      });
      expect(text, JSON.stringify(bad)).toContain('"ok":false');
      expect(text, JSON.stringify(bad)).toContain(words);
      expect(text, 'a password comes back').not.toContain(PASSWORD);
    }
  });

  const { body } = await arm.send(
    'GET',
    `${resourceGroupId(world.subscriptionId, group)}/providers/Microsoft.DBforMySQL/flexibleServers`,
  );
  expect(body.value).toEqual([]);
});
