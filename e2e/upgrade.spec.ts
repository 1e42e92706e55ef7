import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../lib/arm/flexdeck-local.ts';
import { TestRuntimes } from '../lib/control-plane/testing/runtimes.ts';
import { paths } from '../lib/paths.ts';
import { expect, test } from './support/fixtures.ts';
import { mysqlClient } from './support/mysql.ts';
import { expectInBell } from './support/portal.ts';
import { allowThisMachine, makeServer } from './support/servers.ts';
import { RUNTIMES_VARIABLE } from './support/world.ts';

const runtimes = process.env[RUNTIMES_VARIABLE];

/**
 * The newer series is a copy of the MySQL that is there: what is looked at is the way, not what MySQL makes of older data. The
 * control plane keeps it to its end, so this story is the last one by its name.
 */
test('an administrator checks a server against a newer series of MySQL, and upgrades it', async ({
  page,
  signIn,
  arm,
  world,
  group,
}) => {
  test.skip(!runtimes, 'No private MySQL runtime can be copied here.');
  const server = await makeServer(arm, group, undefined, {}, { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' });
  const { id, login, serverName } = server;
  await allowThisMachine(arm, id);
  const ask = async (statement: string) => (await mysqlClient(login, world.principal.caFile, statement)).output;
  await ask("CREATE DATABASE shop; CREATE TABLE shop.notes (note VARCHAR(20)); INSERT INTO shop.notes VALUES ('kept')");
  const main = page.getByRole('main');
  const pane = page.getByRole('dialog');
  await signIn(page, 'owner');

  await test.step('nothing is offered while this machine has one series', async () => {
    await page.goto(paths.server(server, 'maintenance'));
    await expect(main).toContainText('No newer series of MySQL is offered here.');
  });

  await test.step('a newer one comes, and the server is checked against it', async () => {
    TestRuntimes.in(runtimes!).register('mysql-10-0', Date.UTC(2026, 0, 1), '10.0');
    const builds = `${id}/providers/${FLEXDECK_LOCAL}/builds?api-version=${FLEXDECK_LOCAL_VERSION}`;
    const names = async () => (await arm.send('GET', builds)).body.value.map(({ name }: { name: string }) => name);
    await expect.poll(names).toContain('mysql-10-0');
    await page.reload();
    await main.getByRole('button', { name: 'Check', exact: true }).click();
    // The upgrade itself rehearses.
    await pane.getByRole('checkbox', { name: /^Rehearse it on a copy/ }).press('Space');
    await pane.getByRole('button', { name: 'Check', exact: true }).click();
    await expect(main.getByRole('region', { name: 'Checks for MySQL 10.0' })).toContainText('It can be upgraded');
  });

  await test.step('the review says what cannot be undone, and the upgrade is followed in the bell', async () => {
    await main.getByRole('button', { name: 'Upgrade', exact: true }).click();
    await expect(pane).toContainText('There is no way back.');
    await expect(pane).toContainText('The check of MySQL 10.0 passed.');
    await expect(pane).toContainText(/9\.\d|8\.\d/);
    await pane.getByRole('button', { name: 'Upgrade', exact: true }).click();
    await expectInBell(page, `Upgrading ${serverName} to MySQL 10.0`, 'done');
  });

  await test.step('the server is Ready on it, with its data', async () => {
    const { properties } = (await arm.send('GET', id)).body;
    expect(properties).toMatchObject({ state: 'Ready', version: '10.0' });
    expect(await ask('SELECT note FROM shop.notes')).toBe('kept');
    await expect(main).toContainText('now MySQL 10.0');
    const row = main.getByRole('table', { name: 'Upgrades' }).getByRole('row').nth(1);
    await expect(row).toContainText('Upgraded');
    await expect(row).toContainText('after the full backup');
    await expect(row).toContainText(/\d m?s/);
  });
});
