import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, expect } from './support/fixtures.ts';
import { openSession } from './support/mysql.ts';
import { menuLink } from './support/portal.ts';
import { allowThisMachine } from './support/servers.ts';
import { paths } from '../lib/paths.ts';

test('a slow query is found in the log and in insights, and who holds up others is ended', async ({
  page,
  signIn,
  arm,
  world,
  server,
  shownServer,
}) => {
  test.slow();
  await allowThisMachine(arm, server.id);
  const ca = readFileSync(join(world.home, 'ca.pem'));
  await signIn(page, 'owner');
  await page.goto(paths.server(server, 'server-logs'));

  await test.step('switch the slow query log on, reviewed', async () => {
    await expect(page.getByText('There is no log file')).toBeVisible();
    await page.getByText('Log slow queries', { exact: true }).click();
    const threshold = page.getByRole('spinbutton', { name: 'Threshold' });
    await threshold.fill('0.2');
    await threshold.blur();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const review = page.getByRole('dialog', { name: 'Change what is logged' });
    await expect(review).toContainText('slow_query_log');
    await expect(review).toContainText('long_query_time');
    await review.getByRole('button', { name: 'Save' }).click();
    await expect(review).toBeHidden();
    await expect(async () => {
      const { body } = await arm.send('GET', `${server.id}/configurations/slow_query_log`);
      expect(body.properties.currentValue).toBe('ON');
    }).toPass();
  });

  const client = await openSession(server.login, ca);
  await test.step('what a client runs slowly is followed live, found, and downloaded', async () => {
    await client.query("SELECT SLEEP(0.4), 'a needle' AS found");
    await client.query('CREATE DATABASE till');
    await client.query('CREATE TABLE till.sales (id INT PRIMARY KEY, amount INT)');
    await client.query('INSERT INTO till.sales VALUES (1, 10)');
    const entries = page.getByRole('region', { name: 'Newest entries' });
    await expect(entries).toContainText('a needle');
    await expect(entries).toContainText('from 127.0.0.1');
    await page.getByRole('searchbox', { name: 'Search entries' }).fill('NEEDLE');
    await expect(page.getByRole('region', { name: 'Entries with NEEDLE' })).toContainText('SLEEP(0.4)');
    await page.reload();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Download mysql-slow-/ }).click(),
    ]);
    expect(readFileSync((await file.path())!, 'utf8')).toContain("'a needle'");
  });

  await test.step('who holds up others is seen, and ended', async () => {
    const [holder, waiter] = [await openSession(server.login, ca), await openSession(server.login, ca)];
    await holder.query('START TRANSACTION');
    await holder.query('UPDATE till.sales SET amount = 20 WHERE id = 1');
    const waiting = waiter.query('UPDATE till.sales SET amount = 30 WHERE id = 1');
    await menuLink(page, 'Query insights').click();
    await page.getByRole('tab', { name: 'Locks' }).click();
    const tree = page.getByRole('list', { name: 'Lock tree' });
    await expect(tree).toContainText(`Session ${holder.threadId}`);
    await expect(tree.getByRole('list', { name: `Waiting for session ${holder.threadId}` })).toContainText(
      'UPDATE till.sales SET amount = ? WHERE id = ?',
    );
    await page.getByRole('button', { name: `End session ${holder.threadId}` }).click();
    const review = page.getByRole('dialog', { name: `End session ${holder.threadId}` });
    await review.getByRole('button', { name: 'End session' }).click();
    await expect(review).toBeHidden();
    await waiting;
    await expect(page.getByText('Nobody waits for a lock')).toBeVisible();
    expect((await client.query('SELECT amount FROM till.sales'))[0]).toEqual([{ amount: 30 }]);
    waiter.destroy();
  });

  await test.step('a slow statement is among those that cost most', async () => {
    await page.goto(paths.server(shownServer, 'query-insights'));
    const row = page.getByRole('row', { name: /SELECT SLEEP\(/ });
    // Statements are summed up once a minute; after other tests that minute is over.
    await expect(row).toBeVisible({ timeout: 90_000 });
    await row.getByRole('button', { name: /SELECT SLEEP\(/ }).click();
    const pane = page.getByRole('dialog', { name: 'Statement' });
    await expect(pane).toContainText('SELECT SLEEP(?), ? AS found');
    await pane.getByRole('button', { name: 'Explain' }).click();
    await expect(pane).toContainText('Rows fetched before execution');
  });
  client.destroy();
});
