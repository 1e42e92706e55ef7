import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../lib/arm/flexdeck-local.ts';
import { paths } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';
import { mysqlClient } from './support/mysql.ts';
import { command, expectInBell, menuLink } from './support/portal.ts';
import { allowThisMachine } from './support/servers.ts';

test('an administrator resizes a server, tags it, sets its parameters and locks it', async ({
  page,
  signIn,
  arm,
  world,
  server,
}) => {
  const { id, login, serverName } = server;
  await allowThisMachine(arm, id);
  const ask = async (statement: string) => (await mysqlClient(login, world.principal.caFile, statement)).output;
  const main = page.getByRole('main');
  const pane = page.getByRole('dialog');
  await signIn(page, 'owner');
  await page.goto(paths.server(server, 'compute-storage'));

  await test.step('more compute and storage, with what it costs and that it restarts', async () => {
    expect(await ask('SELECT @@max_connections')).toBe('171');
    await main.getByRole('radio', { name: /^Standard_B2s/ }).check();
    await main.getByLabel('Storage', { exact: true }).last().fill('64');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await expect(pane).toContainText('32 GiB');
    await expect(pane).toContainText('64 GiB');
    await expect(pane).toContainText(/a month/i);
    await pane.getByRole('button', { name: 'Apply and restart' }).click();
    await expectInBell(page, `Changing compute and storage of ${serverName}`, 'done');
    expect(await ask('SELECT @@max_connections')).toBe('341');
    expect((await arm.send('GET', id)).body).toMatchObject({
      sku: { name: 'Standard_B2s' },
      properties: { storage: { storageSizeGB: 64 } },
    });
  });

  await test.step('storage never shrinks', async () => {
    await main.getByLabel('Storage', { exact: true }).last().fill('24');
    await page.keyboard.press('Tab');
    await expect(main).toContainText('Storage never shrinks: the server has 64 GiB.');
    await expect(main).toContainText('Correct what is marked to see what it costs.');
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  await test.step('a stop on weekdays', async () => {
    await main.getByRole('button', { name: 'Add a schedule' }).click();
    // Off, since it might be eight in the evening.
    await pane.getByRole('switch', { name: 'On' }).press('Space');
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) {
      await pane.getByRole('checkbox', { name: day }).press('Space');
    }
    await expect(pane).toContainText('A schedule needs at least one day of the week.');
    await pane.getByRole('checkbox', { name: 'Friday' }).press('Space');
    await pane.getByRole('button', { name: 'Add the schedule' }).click();
    await expect(main.getByRole('table', { name: 'Schedules' })).toContainText(/Stop/);
    const schedules = `${id}/providers/${FLEXDECK_LOCAL}/schedules?api-version=${FLEXDECK_LOCAL_VERSION}`;
    await expect
      .poll(async () => (await arm.send('GET', schedules)).body.value)
      .toMatchObject([{ properties: { action: 'Stop', time: '20:00', enabled: false } }]);
  });

  await test.step('a window for its maintenance', async () => {
    await menuLink(page, 'Maintenance').click();
    await expect(main.getByRole('table', { name: 'Builds of MySQL' })).toContainText('The server runs on it.');
    await main.getByRole('radio', { name: /^Custom/ }).press('Space');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await pane.getByRole('button', { name: 'Apply', exact: true }).click();
    await expectInBell(page, `Setting the maintenance window of ${serverName}`, 'done');
    expect((await arm.send('GET', id)).body.properties.maintenanceWindow).toMatchObject({ customWindow: 'Enabled' });
  });

  await test.step('a tag', async () => {
    await menuLink(page, 'Tags').click();
    await main.getByRole('button', { name: 'Add a tag' }).click();
    await main.getByLabel('Name of tag 1').fill('team');
    await main.getByLabel('Value of tag 1').fill('orders');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await pane.getByRole('button', { name: 'Apply 1 change' }).click();
    await expectInBell(page, `Tagging ${serverName}`, 'done');
    expect((await arm.send('GET', id)).body.tags).toEqual({ team: 'orders' });
  });

  await test.step('two parameters in one batch, one of which needs a restart', async () => {
    await menuLink(page, 'Server parameters').click();
    const search = main.getByRole('searchbox', { name: 'Find a parameter' });
    await search.fill('long_query_time');
    const value = main.getByLabel('Value of long_query_time');
    await value.fill('soon');
    await expect(main).toContainText('long_query_time must be a number within');
    await value.fill('2');
    await search.fill('innodb_ft_min_token_size');
    await main.getByLabel('Value of innodb_ft_min_token_size').fill('2');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(pane).toContainText('innodb_ft_min_token_size is static');
    await pane.getByRole('checkbox', { name: /^Restart the server afterwards/ }).check();
    await pane.getByRole('button', { name: 'Save and restart' }).click();
    await expectInBell(page, `Restarting ${serverName}`, 'done');
    expect(await ask('SELECT @@global.long_query_time, @@innodb_ft_min_token_size')).toBe('2.000000\t2');
  });

  await test.step('back to the default', async () => {
    await main.getByRole('searchbox', { name: 'Find a parameter' }).fill('long_query_time');
    await main.getByRole('button', { name: 'Reset long_query_time to its default' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await pane.getByRole('button', { name: 'Save', exact: true }).click();
    await expectInBell(page, `Changing a parameter of ${serverName}`, 'done');
    expect(await ask('SELECT @@global.long_query_time')).toBe('10.000000');
  });

  await test.step('a lock that keeps it from deletion', async () => {
    await menuLink(page, 'Locks').click();
    await command(page, 'Add').click();
    await pane.getByLabel('Name').fill('keep');
    await pane.getByRole('button', { name: 'Add the lock' }).click();
    await expect(main.getByRole('row', { name: /keep/ })).toContainText('this server');
    const refused = await arm.send('DELETE', id);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'ScopeLocked']);
    await main.getByRole('button', { name: 'Remove lock keep' }).click();
    await pane.getByRole('button', { name: 'Remove the lock' }).click();
    await expect(main).toContainText('No lock');
    await arm.run('DELETE', id);
  });
});
