import { readFileSync } from 'node:fs';
import { serverId } from '../lib/arm/resource-id.ts';
import { test, expect } from './support/fixtures.ts';
import { listens, mysqlClient, openSession } from './support/mysql.ts';
import { bell, command, expectInBell, menuLink, openCreate, runCommand } from './support/portal.ts';
import { loginOf, ownName, PASSWORD } from './support/servers.ts';

const OWN_ADDRESS = '127.0.0.1';
const REFUSED = `Client with IP address '${OWN_ADDRESS}' is not allowed to connect to this MySQL server`;

test('a newcomer makes a server, connects to it, shuts others out, stops, starts and deletes it', async ({
  page,
  signIn,
  arm,
  world,
  ownGroup,
}, testInfo) => {
  const serverName = ownName('orders');
  const id = serverId({ subscriptionId: world.subscriptionId, resourceGroup: ownGroup, serverName });
  const administrator = 'shopadmin';

  await test.step('fill in the form', async () => {
    await signIn(page, 'owner');
    await openCreate(page);
    await page.getByRole('button', { name: 'Create new' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a resource group' });
    await dialog.getByLabel('Name').fill(ownGroup);
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await expect(dialog).toBeHidden();
    await page.getByLabel('Server name').fill(serverName);
    await expect(page.getByText('Available', { exact: true })).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Development' })).toBeChecked();
    await page.getByLabel('Admin name').fill(administrator);
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await page.getByLabel(/^Confirm password/).fill(PASSWORD);
    await page.getByRole('tab', { name: 'Networking' }).click();
    await page.getByRole('button', { name: `Add my address (${OWN_ADDRESS})` }).click();
    await page.getByRole('tab', { name: 'Review + create' }).click();
    await expect(page.getByRole('tabpanel')).toContainText(`my-address: ${OWN_ADDRESS}`);
    await expect(page.getByRole('tabpanel')).toContainText('B1ms');
  });

  await test.step('create it and follow it to Ready', async () => {
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: serverName })).toBeVisible();
    await expectInBell(page, `Creating ${serverName}`, 'done');
    await expect(page.getByText('Complete', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Go to resource' }).click();
    await expect(page.getByRole('main')).toContainText('Ready');
  });

  const login = await loginOf(arm, id, administrator, PASSWORD);
  const caFile = testInfo.outputPath('ca.pem');

  await test.step('download the authority and write over TLS', async () => {
    await menuLink(page, 'Connect').click();
    const main = page.getByRole('main');
    await expect(main).toContainText(login.host);
    await expect(main).toContainText(String(login.port));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      main
        .getByRole('link', { name: /^Download/ })
        .first()
        .click(),
    ]);
    await download.saveAs(caFile);
    const statements =
      'CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY, item VARCHAR(20)); ' +
      "INSERT INTO shop.orders VALUES (1, 'lamp'); SELECT item FROM shop.orders; SHOW STATUS LIKE 'Ssl_version';";
    const run = await mysqlClient(login, caFile, statements);
    expect(run.error).toBe('');
    expect(run.output).toMatch(/^lamp\nSsl_version\tTLSv1\.[23]$/);
  });

  const ca = readFileSync(caFile);
  const session = await openSession(login, ca);

  await test.step('take the rule away: the session is cut and nobody gets in', async () => {
    const cut = new Promise((settle) => session.once('error', settle));
    await menuLink(page, 'Networking').click();
    await page.getByRole('button', { name: 'Remove rule my-address' }).click();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply 1 change' }).click();
    await cut;
    const refused = await mysqlClient(login, caFile, 'SELECT 1');
    expect(refused.code).not.toBe(0);
    expect(refused.error).toContain(REFUSED);
  });

  await test.step('allow it again', async () => {
    await expect(page.getByText('Not allowed', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: /^Add my address/ }).click();
    // What is not applied yet is still there after a look elsewhere.
    await menuLink(page, 'Databases').click();
    await expect(page.getByRole('rowheader', { name: 'shop' })).toBeVisible();
    await page.goBack();
    await expect(page.getByText('1 change not applied yet')).toBeVisible();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply 1 change' }).click();
    await expect(page.getByText('by the rule “my-address”')).toBeVisible();
    expect((await mysqlClient(login, caFile, 'SELECT item FROM shop.orders')).output).toBe('lamp');
  });

  await test.step('stop it: nobody gets in; start it: the row is still there', async () => {
    await menuLink(page, 'Overview').click();
    await runCommand(page, 'Stop');
    await expectInBell(page, `Stopping ${serverName}`, 'done');
    await expect(page.getByRole('main')).toContainText('This server is stopped.');
    await expect(command(page, 'Restart')).toHaveAccessibleDescription('The server is stopped. Start it first.');
    expect((await mysqlClient(login, caFile, 'SELECT 1')).code).not.toBe(0);
    await runCommand(page, 'Start');
    await expectInBell(page, `Starting ${serverName}`, 'done');
    await expect(page.getByRole('main')).not.toContainText('This server is stopped.');
    expect((await mysqlClient(login, caFile, 'SELECT item FROM shop.orders')).output).toBe('lamp');
  });

  await test.step('delete it with its name typed', async () => {
    await command(page, 'Delete').click();
    const dialog = page.getByRole('alertdialog', { name: `Delete ${serverName}?` });
    const button = dialog.getByRole('button', { name: 'Delete', exact: true });
    await expect(button).toHaveAccessibleDescription(`Type ${serverName} first`);
    await dialog.getByRole('textbox').fill(serverName);
    await button.click();
    await expect(page).toHaveURL(/\/servers$/);
    await expectInBell(page, `Deleting ${serverName}`, 'done');
    expect((await arm.send('GET', id)).status).toBe(404);
    expect(await listens(login.host, login.port)).toBe(false);
    await expect(bell(page)).toBeVisible();
  });
});
