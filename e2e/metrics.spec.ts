import { readFileSync } from 'node:fs';
import { until } from '../lib/control-plane/testing/daemon.ts';
import { paths } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';

test('metrics are drawn, told as a table, saved, and kept in the address', async ({
  page,
  signIn,
  arm,
  shownServer,
}) => {
  // A server that was just made has its first sample with the end of its first minute.
  await until(80_000, async () => {
    const { body } = await arm.send(
      'GET',
      `${shownServer.id}/providers/Microsoft.Insights/metrics?api-version=2024-02-01&metricnames=Uptime&aggregation=Maximum`,
    );
    const points = body.value[0].timeseries[0].data as { maximum?: number }[];
    return points.some(({ maximum }) => maximum !== undefined) || undefined;
  });
  await signIn(page, 'owner');
  await page.goto(paths.server(shownServer, 'metrics'));

  await test.step('a chart has a picture, and the last value of each metric', async () => {
    await expect(page.getByRole('button', { name: /^Aggregation of Host CPU Percent, Memory Percent/ })).toBeVisible();
    await expect(page.getByRole('img', { name: /^Host CPU Percent, Memory Percent/ })).toBeVisible();
    // The cursor is moved by the keyboard, and says what it stands on.
    const cursor = page.getByRole('slider', { name: /^Cursor in Host CPU Percent/ });
    await cursor.focus();
    await page.keyboard.press('End');
    await expect(cursor).toHaveAttribute('aria-valuetext', /Host CPU Percent ([\d.]+ %|no sample), Memory Percent/);
  });

  await test.step('the same as a table, and as CSV', async () => {
    const more = page.getByRole('button', { name: /^More for Host CPU Percent/ });
    await more.click();
    await page.getByRole('menuitem', { name: 'Show as table' }).click();
    await expect(page.getByRole('columnheader', { name: /Memory Percent/ }).first()).toBeVisible();
    await more.click();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save as CSV' }).click(),
    ]);
    const lines = readFileSync(await saved.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines[0]).toMatch(/cpu_percent|Host CPU/);
    expect(lines.length).toBeGreaterThan(50);
  });

  await test.step('what is chosen is in the address, and comes back with it', async () => {
    await page.getByRole('button', { name: /^Aggregation of Host CPU Percent/ }).click();
    await page
      .getByRole('menuitemradio', { name: 'Maximum' })
      .or(page.getByRole('menuitem', { name: 'Maximum' }))
      .click();
    await expect(page).toHaveURL(/Maximum/);
    await page.reload();
    await expect(page.getByRole('button', { name: /^Aggregation of Host CPU Percent.*Maximum/ })).toBeVisible();
  });
});
