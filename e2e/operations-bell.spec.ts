import { readFileSync } from 'node:fs';
import { paths } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';
import { openSession } from './support/mysql.ts';
import { bell, command, expectInBell } from './support/portal.ts';
import { allowThisMachine } from './support/servers.ts';

test('the bell keeps a running operation over a reload, and says why one failed', async ({
  page,
  signIn,
  arm,
  world,
  server,
}) => {
  await allowThisMachine(arm, server.id);
  const session = await openSession(server.login, readFileSync(world.principal.caFile));
  const create = async (name: string) => {
    await command(page, 'Create').click();
    const pane = page.getByRole('dialog', { name: 'Create a database' });
    await pane.getByLabel('Name').fill(name);
    await pane.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(pane).toBeHidden();
  };
  await signIn(page, 'owner');
  await page.goto(paths.server(server, 'databases'));

  await test.step('while MySQL lets nobody write, the operation runs on', async () => {
    await session.query('FLUSH TABLES WITH READ LOCK');
    await create('orders');
    await expect(bell(page)).toHaveAccessibleName('Operations: 1 running');
    await page.reload();
    await expect(bell(page)).toHaveAccessibleName('Operations: 1 running');
    await session.query('UNLOCK TABLES');
    await expectInBell(page, 'Creating the database orders', 'done');
    const [found] = await session.query("SHOW DATABASES LIKE 'orders'");
    expect(found).toHaveLength(1);
    await expect(page.getByRole('row', { name: /orders/ })).toBeVisible();
  });

  await test.step('a failing operation shows what Resource Manager says', async () => {
    await arm.run('PUT', `${server.id}/configurations/lock_wait_timeout`, {
      properties: { value: '1', source: 'user-override' },
    });
    await session.query('FLUSH TABLES WITH READ LOCK');
    await create('invoices');
    await expectInBell(page, 'Creating the database invoices', 'A client’s session holds a lock that this needs');
    await expectInBell(page, 'Creating the database invoices', 'failed');
    await session.query('UNLOCK TABLES');
    const [found] = await session.query("SHOW DATABASES LIKE 'invoices'");
    expect(found).toHaveLength(0);
  });

  await test.step('silence of Resource Manager is said once, and what was shown stays', async () => {
    const said = page.getByText('does not answer', { exact: false });
    const message = 'The Resource Manager does not answer.';
    await page.route('**/api/**', (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'ResourceManagerUnreachable', message } } }),
    );
    await command(page, 'Refresh').click();
    await expect(said).toHaveCount(1);
    await expect(page.getByRole('row', { name: /orders/ })).toBeVisible();
    await page.unroute('**/api/**');
    await expect(said).toHaveCount(0);
  });

  await test.step('a server that somebody else deletes is said to be gone, wherever one notices', async () => {
    await arm.run('DELETE', server.id);
    await command(page, 'Create').click();
    const pane = page.getByRole('dialog', { name: 'Create a database' });
    await pane.getByLabel('Name').fill('too-late');
    await pane.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page.getByRole('main')).toContainText(`There is no server “${server.serverName}”`);
    await expect(pane).toBeHidden();
    await expect(page.getByRole('link', { name: 'Deleted servers' })).toBeVisible();
  });
  await session.end().catch(() => {});
});
