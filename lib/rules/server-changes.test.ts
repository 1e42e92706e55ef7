import { describe, expect, it } from 'vitest';
import { requestsOf } from './change-description.ts';
import { toAzureCli, toRest } from './change-formats.ts';
import {
  describeDelete,
  describeDisableHighAvailability,
  describeEnableHighAvailability,
  describeFailover,
  describeForcedFailover,
  describeFirewall,
  describeResetPassword,
  describeRestart,
  planFirewall,
} from './server-changes.ts';

const key = { subscriptionId: '11111111-1111-1111-1111-111111111111', resourceGroup: 'shop', serverName: 'orders' };
const rule = (name: string, startIpAddress: string, endIpAddress = startIpAddress) => ({
  name,
  startIpAddress,
  endIpAddress,
});

describe('firewall changes', () => {
  const office = rule('office', '203.0.113.1', '203.0.113.9');
  const home = rule('home', '198.51.100.7');

  it('sends only what changes, and opens before it closes', () => {
    const wider = { ...office, endIpAddress: '203.0.113.20' };
    expect(planFirewall([office, home], [wider])).toEqual({ put: [wider], remove: [home] });
    const change = describeFirewall(key, [office, home], [wider])!;
    expect(requestsOf(change).map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
    expect(change.changes).toEqual([
      { label: 'office', from: '203.0.113.1 – 203.0.113.9', to: '203.0.113.1 – 203.0.113.20' },
      { label: 'home', from: '198.51.100.7', to: 'removed' },
    ]);
    expect(change.restarts).toMatch(/cut at once/);
  });

  it('is nothing when nothing changes, whatever the order', () => {
    expect(describeFirewall(key, [office, home], [home, office])).toBeUndefined();
  });

  it('does not warn when a rule only comes in addition', () => {
    expect(describeFirewall(key, [office], [office, home])!.restarts).toBeUndefined();
  });
});

describe('commands', () => {
  it('restarts with the body that ARM takes', () => {
    expect(toRest(describeRestart(key))).toContain('/flexibleServers/orders/restart?api-version=2024-12-30');
    expect(toAzureCli(describeRestart(key))).toContain("--resource-group 'shop'");
  });
  it('never shows a password', () => {
    const change = describeResetPassword(key);
    expect(toRest(change)).toContain('<administratorLoginPassword>');
    expect(toAzureCli(change)).toContain('"$ADMINISTRATOR_LOGIN_PASSWORD"');
    expect(toRest(change) + toAzureCli(change)).not.toContain('placeholder"');
  });
  it('names the server that is deleted', () => {
    expect(toAzureCli(describeDelete(key))).toMatch(/server delete[\s\S]*--name orders[\s\S]*--yes/);
  });
});

describe('high availability', () => {
  it('is enabled in a zone, or in one that the service chooses', () => {
    const wanted = { mode: 'ZoneRedundant', standbyAvailabilityZone: '2' } as const;
    const change = describeEnableHighAvailability(key, wanted, { from: 100, to: 200 });
    expect(change).toMatchObject({
      method: 'PATCH',
      body: { properties: { highAvailability: wanted } },
      cost: { from: 100, to: 200 },
    });
    expect(toAzureCli(change)).toMatch(
      /^az mysql flexible-server update [\s\S]*--high-availability ZoneRedundant [\s\S]*--standby-zone 2$/,
    );
    const anywhere = describeEnableHighAvailability(key, { mode: 'ZoneRedundant' });
    expect(anywhere.body).toEqual({ properties: { highAvailability: { mode: 'ZoneRedundant' } } });
    expect(toAzureCli(anywhere)).not.toContain('--standby-zone');
  });
  it('is disabled without naming a zone, and interrupts nobody', () => {
    const change = describeDisableHighAvailability(key, { mode: 'SameZone', standbyAvailabilityZone: '1' });
    expect(change.body).toEqual({ properties: { highAvailability: { mode: 'Disabled' } } });
    expect(toAzureCli(change)).toMatch(/--high-availability Disabled$/);
    expect(change.changes).toContainEqual({ label: 'Standby', from: 'in zone 1', to: 'removed' });
    expect(change.restarts).toBeUndefined();
  });
  it('fails over: the zones change places, and sessions end', () => {
    const change = describeFailover(key, { primary: '1', standby: '3' });
    expect(toRest(change)).toContain('/flexibleServers/orders/failover?api-version=2024-12-30');
    expect(toAzureCli(change)).toMatch(/^az rest --method post [\s\S]*\/failover\?api-version=/);
    const forced = describeForcedFailover(key, { primary: '1', standby: '2' }, 60);
    expect(forced.body).toEqual({ restartWithFailover: 'Enabled', maxFailoverSeconds: 60 });
    expect(toAzureCli(forced)).toMatch(/^az mysql flexible-server restart [\s\S]*--failover Forced$/);
    expect(change.changes).toEqual([
      { label: 'Primary', from: 'zone 1', to: 'zone 3' },
      { label: 'Standby', from: 'zone 3', to: 'zone 1' },
    ]);
    expect(change.restarts).toMatch(/Every session ends/);
    expect(describeFailover(key, { primary: '1', standby: '1' }).changes).toEqual([]);
  });
});
