import { expect, it } from 'vitest';
import type { MetricAlertProperties } from '../arm/insights/metric-alerts.ts';
import {
  actionGroupId,
  alertRuleId,
  describeDelete,
  describePutActionGroup,
  describePutAlertRule,
} from './alert-changes.ts';
import { emptyAlertForm, formOf, propertiesOf, type AlertForm } from './alert-form.ts';
import { withReceivers } from './alert-receivers.ts';

const key = { subscriptionId: '5c4f2a40-0000-0000-0000-000000000001', resourceGroup: 'shop', serverName: 'orders' };
const id = alertRuleId(key, "It's hot");
const group = actionGroupId(key, 'on call');
const properties = (part: Partial<AlertForm> = {}, before?: MetricAlertProperties) =>
  propertiesOf(key, { ...emptyAlertForm(), ...part }, before);
/** Options alone, on one line. */
const options = (command: string) => command.split(' \\\n  ').slice(4).join(' ');

it('writes a new rule and a new group as the commands of the CLI', () => {
  const rule = properties({ description: 'Look at it', windowSize: 'P1D', actionGroups: [group] });
  const { azCommand } = describePutAlertRule(id, rule, undefined);
  expect(azCommand.split(' \\\n')[0]).toBe('az monitor metrics alert create');
  expect(azCommand).toContain(String.raw`--name 'It'\''s hot'`);
  expect(options(azCommand)).toBe(
    `--scopes ${rule.scopes[0]} --condition 'avg cpu_percent > 80' --window-size 24h --evaluation-frequency 1m ` +
      `--severity 3 --auto-mitigate true --description 'Look at it' --action '${group}'`,
  );
  const receivers = withReceivers(
    'on call',
    [{ kind: 'webhook', address: 'https://hooks.example.com/a?b=1' }],
    undefined,
  );
  expect(options(describePutActionGroup(group, receivers, undefined).azCommand)).toBe(
    `--short-name 'on call' --action webhook hooks.example.com 'https://hooks.example.com/a?b=1' usecommonalertschema`,
  );
});

it('writes what differs of a rule, keeps what it does not show, and names each change', () => {
  const before = { ...properties({ actionGroups: [group] }), targetResourceRegion: 'westeurope' };
  const [criterion] = emptyAlertForm().criteria;
  const form = { ...formOf('x', before)!, severity: 1, actionGroups: [], description: 'new' };
  const after = propertiesOf(key, { ...form, criteria: [{ ...criterion!, threshold: 90 }] }, before);
  const change = describePutAlertRule(id, after, { properties: before, tags: { team: 'a' } });
  expect(change.body).toMatchObject({ tags: { team: 'a' }, properties: { targetResourceRegion: 'westeurope' } });
  expect(change.changes.map(({ label }) => label)).toEqual(['Condition', 'Severity', 'Tells', 'Description']);
  expect(options(change.azCommand)).toBe(
    `--remove-conditions cond0 --add-condition 'avg cpu_percent > 90' --severity 1 --description new ` +
      `--remove-actions '${group}'`,
  );
  const of = (...addresses: string[]) =>
    withReceivers(
      'x',
      addresses.map((address) => ({ kind: 'email', address })),
      undefined,
    );
  const moved = describePutActionGroup(group, of('b@example.com'), { properties: of('a@example.com') });
  expect(options(moved.azCommand)).toBe(
    '--remove-action a@example.com --add-action email b@example.com b@example.com usecommonalertschema',
  );
});

it('writes the request itself where the CLI would read something else', () => {
  const [criterion] = emptyAlertForm().criteria;
  for (const part of [{ criteria: [{ ...criterion!, threshold: -1 }] }, { description: '@file' }]) {
    expect(describePutAlertRule(id, properties(part), undefined).azCommand).toMatch(/^az rest --method put/);
  }
  expect(describeDelete(id, '2018-03-01', 'Alert rule').azCommand).toMatch(/^az monitor metrics alert delete/);
  const muting = `/subscriptions/s/resourceGroups/shop/providers/Microsoft.AlertsManagement/actionRules/mute-orders`;
  expect(describeDelete(muting, '2021-08-08', 'Muting').azCommand).toMatch(/^az rest --method delete/);
});
