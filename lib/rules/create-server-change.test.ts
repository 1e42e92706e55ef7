import { expect, test } from 'vitest';
import { toBicep } from './change-bicep.ts';
import { toAzureCli, toRest } from './change-formats.ts';
import { toTerraform } from './change-terraform.ts';
import { describeCreateServer } from './create-server-change.ts';
import { emptyCreateServerForm } from './workload-presets.ts';

const form = {
  ...emptyCreateServerForm(),
  subscriptionId: '11111111-1111-1111-1111-111111111111',
  resourceGroup: 'shop',
  serverName: 'orders-stage',
  location: 'eastus',
  version: '9.7',
  administratorLogin: 'shopadmin',
  administratorPassword: 'Correct-Horse-9',
  confirmPassword: 'Correct-Horse-9',
  firewallRules: [{ name: 'office', startIpAddress: '203.0.113.0', endIpAddress: '203.0.113.9' }],
  tags: [{ name: 'cost center', value: "it's 42" }],
};

const formats = { toAzureCli, toRest, toBicep, toTerraform };

test.each(Object.entries(formats))('%s has server and rule, and never the password', (_, format) => {
  const text = format(describeCreateServer(form));
  for (const part of ['orders-stage', 'office', '203.0.113.9', 'shopadmin', 'Standard_B1ms', '9.7']) {
    expect(text).toContain(part);
  }
  expect(text).not.toContain('Correct-Horse-9');
});

test('az takes the password from a variable and quotes what a shell would read', () => {
  const text = toAzureCli(describeCreateServer(form));
  expect(text).toContain('--admin-password "$ADMINISTRATOR_LOGIN_PASSWORD"');
  expect(text).toContain("--tags 'cost center=it'\\''s 42'");
  expect(text).toContain('az mysql flexible-server firewall-rule create');
});

test.each(Object.entries(formats))('%s of an empty form has placeholders instead of failing', (_, format) => {
  expect(format(describeCreateServer(emptyCreateServerForm()))).toContain('<server-name>');
});

test('the estimate goes with it', () => {
  expect(describeCreateServer(form).cost).toEqual({ from: null, to: expect.closeTo(0.017 * 730 + 20 * 0.115, 2) });
});

test.each([
  { storageGiB: 7 },
  { storageGiB: Number.NaN },
  { iopsMode: 'provisioned' as const, iops: 99_999 },
  { backupRetentionDays: 36 },
])('%o, which nobody can have, has no price', (wrong) => {
  expect(describeCreateServer({ ...form, ...wrong }).cost).toBeUndefined();
});
