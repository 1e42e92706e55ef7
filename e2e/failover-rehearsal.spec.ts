import { readFileSync } from 'node:fs';
import { serverId } from '../lib/arm/resource-id.ts';
import { paths } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';
import { command, expectInBell } from './support/portal.ts';
import { ownName, PASSWORD } from './support/servers.ts';

test('an owner rehearses a failover and reads what clients felt', async ({ page, signIn, arm, group }) => {
  const key = { subscriptionId: arm.subscriptionId, resourceGroup: group, serverName: ownName('pair') };
  await arm.run('PUT', serverId(key), {
    location: 'westeurope',
    sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
    properties: {
      administratorLogin: 'shopadmin',
      administratorLoginPassword: PASSWORD,
      storage: { storageSizeGB: 20 },
      highAvailability: { mode: 'ZoneRedundant' },
    },
  });
  await signIn(page, 'owner');
  await page.goto(paths.server(key, 'high-availability'));
  const reports = page.getByRole('table', { name: 'Failover rehearsals' });

  await test.step('it is a real failover, and the bell follows it', async () => {
    await command(page, 'Rehearse failover').click();
    const pane = page.getByRole('dialog', { name: 'Rehearse a failover' });
    await expect(pane).toContainText('every session of the server’s clients ends');
    await pane.getByRole('button', { name: 'Rehearse now' }).click();
    await expect(pane).toBeHidden();
    await expectInBell(page, `Rehearsing a failover of ${key.serverName}`, 'done');
    await expect(reports.getByRole('row', { name: /Planned failover/ })).toContainText('Nothing lost');
  });

  await test.step('the report says so, and can be taken along', async () => {
    await reports.getByRole('button', { name: 'Planned failover' }).click();
    const pane = page.getByRole('dialog', { name: 'Rehearsal: planned failover' });
    await expect(pane.getByRole('row', { name: /Acknowledged and lost/ })).toContainText('0');
    await expect(pane.getByRole('img', { name: /Acknowledged writes per 10 ms/ })).toBeVisible();
    const saved = page.waitForEvent('download');
    await pane.getByRole('button', { name: 'CSV' }).click();
    const table = readFileSync(await (await saved).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(table[0]).toBe('milliseconds,acknowledged_writes,refused_connections,lost_sessions');
    const written = table.slice(1).reduce((sum, row) => sum + Number(row.split(',')[1]), 0);
    const { body } = await arm.send(
      'GET',
      `${serverId(key)}/providers/Flexdeck.Local/failoverRehearsals?api-version=2026-11-01-preview`,
    );
    expect(body.value[0].properties.report.acknowledgedWrites).toBe(written);
  });
});
