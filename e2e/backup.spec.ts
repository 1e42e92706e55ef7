import { readFileSync } from 'node:fs';
import { serverId } from '../lib/arm/resource-id.ts';
import { paths } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';
import { openSession } from './support/mysql.ts';
import { expectInBell } from './support/portal.ts';
import { allowThisMachine, loginOf, ownName } from './support/servers.ts';

test('a dropped table is back on a server restored to just before', async ({ page, signIn, arm, world, server }) => {
  const ca = readFileSync(world.principal.caFile);
  const restored = { ...server, serverName: ownName('back') };
  let checksum: unknown;
  await allowThisMachine(arm, server.id);
  await signIn(page, 'owner');
  await page.goto(paths.server(server, 'backup'));
  const backups = page.getByRole('table', { name: 'Full backups' });
  await expect(backups.getByRole('row', { name: /Full, automatic/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('slider', { name: 'Moment to restore to' })).toBeVisible();

  await test.step('a table is filled, then dropped by mistake', async () => {
    const session = await openSession(server.login, ca);
    await session.query('CREATE DATABASE shop');
    await session.query('CREATE TABLE shop.orders (id INT PRIMARY KEY AUTO_INCREMENT, words VARCHAR(40))');
    for (let index = 0; index < 20; index += 1) await session.query("INSERT INTO shop.orders (words) VALUES ('kept')");
    checksum = await checksumOf(session);
    await session.query('DROP TABLE shop.orders');
    await session.query('CREATE TABLE shop.later (id INT PRIMARY KEY)');
    await session.end();
  });

  await test.step('the timeline offers the moment before it, also after a reload', async () => {
    await page.getByRole('button', { name: 'Just before DROP TABLE orders', exact: true }).click();
    await expect(page.getByText('Leaves out')).toBeVisible();
    await page.reload();
    await expect(
      page.getByRole('button', { name: 'Just before DROP TABLE orders', exact: true, pressed: true }),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Restore to a new server…' }).click();
    const pane = page.getByRole('dialog', { name: 'Restore to a new server' });
    await pane.getByLabel('Server name').fill(restored.serverName);
    await expect(pane.getByText('The name is available.')).toBeVisible();
    await pane.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(pane).toBeHidden();
    await expectInBell(page, `Restoring ${server.serverName} to ${restored.serverName}`, 'done');
  });

  await test.step('the new server has the table as it was, and nothing of later', async () => {
    const id = serverId(restored);
    await allowThisMachine(arm, id);
    const session = await openSession(await loginOf(arm, id, server.login.user, server.login.password), ca);
    expect(await checksumOf(session)).toEqual(checksum);
    const [tables] = await session.query('SHOW TABLES FROM shop');
    expect(tables).toHaveLength(1);
    await session.end();
    await page.goto(paths.server(restored, 'backup'));
    await expect(page.getByText('As it was at')).toBeVisible();
    // Its own first full backup: from then on it can be brought back itself.
    await expect(page.getByRole('button', { name: /^Restore backup_/ })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('a deleted server stands among those that can be restored', async () => {
    await arm.run('DELETE', serverId(restored));
    await page.goto(paths.servers());
    await page.getByRole('toolbar', { name: 'Commands' }).getByRole('link', { name: 'Deleted servers' }).click();
    await expect(page.getByRole('row', { name: new RegExp(restored.serverName) })).toBeVisible();
  });
});

async function checksumOf(session: Awaited<ReturnType<typeof openSession>>): Promise<unknown> {
  const [rows] = await session.query('CHECKSUM TABLE shop.orders');
  return rows;
}
