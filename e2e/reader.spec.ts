import { serverId } from '../lib/arm/resource-id.ts';
import { paths } from '../lib/paths.ts';
import { emptyCreateServerForm } from '../lib/rules/workload-presets.ts';
import { test, expect } from './support/fixtures.ts';
import { builtActions, callAction, command, menuLink, openCreate, tokenOf } from './support/portal.ts';
import { ownName, PASSWORD, type OwnServer } from './support/servers.ts';

/** What the person's role lacks, and not what the server's state forbids everybody. */
const REASON = /role/i;

/** What a caller could send to each action: all of it would be done for an owner. */
function argumentsOf(action: string, server: OwnServer): unknown[] {
  const { subscriptionId, resourceGroup, serverName } = server;
  const key = { subscriptionId, resourceGroup, serverName };
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const rule = { name: 'reader-was-here', startIpAddress: '127.0.0.9', endIpAddress: '127.0.0.9' };
  const restore = {
    name: 'never',
    sourceId: serverId(key),
    moment: undefined,
    location: 'westeurope',
    sku: { name: 'Standard_B2s', tier: 'Burstable' },
    storageSizeGB: 64,
    highAvailability: 'Disabled',
  };
  const known: Record<string, unknown[]> = {
    createServer: [
      {
        ...emptyCreateServerForm(),
        ...key,
        serverName: ownName('never'),
        location: 'westeurope',
        version: '9.7',
        administratorLogin: 'shopadmin',
        administratorPassword: PASSWORD,
        confirmPassword: PASSWORD,
      },
    ],
    createGroup: [{ subscriptionId, name: ownName('e2e-never'), location: 'westeurope' }],
    putFirewallRule: [key, rule],
    removeFirewallRule: [key, 'here'],
    startServer: [key],
    stopServer: [key],
    restartServer: [key],
    deleteServer: [key],
    resetPassword: [key, 'Another-horse-9'],
    createDatabase: [key, { name: 'never', charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' }],
    deleteDatabase: [key, 'shop'],
    enableHighAvailability: [key, { mode: 'SameZone' }],
    disableHighAvailability: [key],
    failoverServer: [key],
    backUpServer: [key, 'never'],
    deleteBackup: [key, 'never'],
    changeBackupSettings: [key, { backupRetentionDays: 9 }],
    verifyBackup: [key],
    restoreServer: [{ ...key, serverName: ownName('never') }, restore],
    restoreDeletedServer: [{ ...key, serverName: ownName('never') }, restore],
    cancelRestore: [key],
    recoverTables: [key, { restoredServerResourceId: serverId(key), tables: [{ database: 'shop', table: 'orders' }] }],
    setLogParameters: [key, { slow_query_log: 'ON' }],
    explainStatement: [key, '1'],
    killSession: [key, 1, 'connection'],
    forceFailover: [key, 0],
    rehearseFailover: [key, { name: 'never', kind: 'Planned', writers: 1 }],
    deleteFailoverRehearsal: [key, 'never'],
    changeZone: [{ subscriptionId, location: 'westeurope', zone: '1' }, 'lose'],
    putAlertRule: [`${group}/providers/Microsoft.Insights/metricAlerts/never`, {}],
    deleteAlertRule: [`${group}/providers/Microsoft.Insights/metricAlerts/never`],
    putActionGroup: [`${group}/providers/Microsoft.Insights/actionGroups/never`, {}],
    deleteActionGroup: [`${group}/providers/Microsoft.Insights/actionGroups/never`],
    testActionGroup: [{ id: `${group}/providers/Microsoft.Insights/actionGroups/never`, properties: {} }],
    renewSigningSecret: [`${group}/providers/Microsoft.Insights/actionGroups/never`],
    muteServer: [key, null],
    unmuteServer: [`${group}/providers/Microsoft.AlertsManagement/actionRules/never`],
    setAlertState: [`/subscriptions/${subscriptionId}/providers/Microsoft.AlertsManagement/alerts/never`, 'Closed'],
    tagServer: [key, { owner: 'reader' }],
    updateParameters: [key, [{ name: 'long_query_time', properties: { value: '3', source: 'user-override' } }]],
    setMaintenanceWindow: [key, { customWindow: 'Enabled', dayOfWeek: 1, startHour: 3, startMinute: 0 }],
    setMaintenancePolicy: [key, { patchStrategy: 'VirtualCanary' }],
    checkUpgrade: [key, { version: '10.0', rehearse: false }],
    upgradeServer: [key, '10.0'],
    rescheduleMaintenance: [key, 'never', '2026-12-01T03:00:00Z'],
    lockServer: [key, { name: 'never', level: 'ReadOnly', notes: '' }],
    unlockServer: [key, 'never'],
    scheduleServer: [key, 'never', { action: 'Stop', days: ['Monday'], time: '20:00', timeZone: 'UTC', enabled: true }],
    unscheduleServer: [key, 'never'],
    setAutoStart: [key, 3],
    resizeServer: [key, { sku: { name: 'Standard_B2s', tier: 'Burstable' } }],
  };
  const found = known[action.split(' ')[1]!];
  if (!found) throw new Error(`The action ${action} is new: say here what a reader would send to it.`);
  return found;
}

test('a reader sees every blade and can change nothing', async ({ page, request, signIn, arm, world, shownServer }) => {
  const { id, serverName } = shownServer;
  await signIn(page, 'reader');

  await test.step('every blade of a server, each change with its reason', async () => {
    await page.goto(paths.server(shownServer));
    await expect(page.getByRole('heading', { level: 1, name: serverName })).toBeVisible();
    for (const name of ['Restart', 'Stop', 'Start', 'Reset password', 'Delete']) {
      const button = command(page, name);
      await expect(button).toBeDisabled();
      await expect(button).toHaveAccessibleDescription(REASON);
    }
    // A finger rests on nothing: the reason is told when it taps.
    await command(page, 'Restart').dispatchEvent('click');
    await expect(page.getByRole('tooltip').filter({ hasText: REASON })).toBeVisible();
    await menuLink(page, 'Databases').click();
    await expect(page.getByRole('row', { name: /shop/ })).toBeVisible();
    await expect(command(page, 'Create')).toHaveAccessibleDescription(REASON);
    await expect(page.getByRole('button', { name: 'Delete shop' })).toHaveAccessibleDescription(REASON);
    await menuLink(page, 'High availability').click();
    for (const name of ['Enable', 'Disable', 'Failover']) {
      await expect(command(page, name)).toHaveAccessibleDescription(REASON);
    }
    await menuLink(page, 'Networking').click();
    await expect(page.getByLabel('Start IP address of rule 1')).toHaveValue('127.0.0.1');
    for (const name of [/^Add my address/, 'Add a range', 'Paste a list', 'Remove rule here', 'Apply']) {
      const button = page.getByRole('button', { name });
      await expect(button).toBeDisabled();
      await expect(button).toHaveAccessibleDescription(REASON);
    }
    await expect(page.getByLabel('Start IP address of rule 1')).not.toBeEditable();
    await menuLink(page, 'Connect').click();
    await expect(page.getByRole('main')).toContainText(shownServer.login.host);
    await menuLink(page, 'Activity log').click();
    await expect(page.getByRole('row', { name: /Create server/ })).toBeVisible();
  });

  await test.step('the fleet and the form for a new server', async () => {
    await page.goto(paths.servers());
    await page
      .getByRole('row', { name: new RegExp(serverName) })
      .getByRole('checkbox')
      .check();
    for (const name of ['Stop', 'Restart', 'Delete']) {
      const button = command(page, name);
      await expect(button).toBeDisabled();
      await expect(button).toHaveAccessibleDescription(REASON);
    }
    await openCreate(page);
    await page.getByRole('tab', { name: 'Review + create' }).click();
    const create = page.getByRole('button', { name: 'Create', exact: true });
    await expect(create).toBeDisabled();
    await expect(create).toHaveAccessibleDescription(REASON);
  });

  await test.step('nor by calling what is behind the buttons', async () => {
    const token = await tokenOf(page);
    for (const action of builtActions()) {
      const args = [token, ...argumentsOf(action.name, shownServer)];
      const { text } = await callAction(request, action, { portal: world.portal, args });
      expect(text, action.name).toContain('"ok":false');
      expect(text, action.name).toContain('"code":"AuthorizationFailed"');
    }
    const { body: server } = await arm.send('GET', id);
    expect(server.properties.state).toBe('Ready');
    expect(server.tags ?? {}).toEqual({});
    const { body: rules } = await arm.send('GET', `${id}/firewallRules`);
    expect(rules.value.map((rule: { name: string }) => rule.name)).toEqual(['here']);
    const { body: databases } = await arm.send('GET', `${id}/databases`);
    expect(databases.value.map((one: { name: string }) => one.name)).toContain('shop');
  });
});
