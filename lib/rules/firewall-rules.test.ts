import { describe, expect, it } from 'vitest';
import { AZURE_SERVICES_RULE_NAME } from './address-ranges.ts';
import { firewallFaults, fromFirewallForm, mergeFirewall, sameRules, toFirewallForm } from './firewall-rules.ts';

const rule = (name: string, startIpAddress: string, endIpAddress = startIpAddress) => ({
  name,
  startIpAddress,
  endIpAddress,
});
const azure = rule(AZURE_SERVICES_RULE_NAME, '0.0.0.0');

describe('firewall faults', () => {
  it('name the rule and the field', () => {
    const faults = firewallFaults([
      rule('office', '203.0.113.9', '203.0.113.1'),
      rule('Office', '203.0.113.300'),
      rule('-x', '', ''),
      azure,
    ]);
    expect(faults.map(({ index, field }) => [index, field])).toEqual([
      [0, 'endIpAddress'],
      [1, 'name'],
      [1, 'startIpAddress'],
      [2, 'name'],
      [2, 'startIpAddress'],
      [2, 'endIpAddress'],
      [3, 'startIpAddress'],
    ]);
  });

  it('are told of the first address before the last one is written, and the other way round', () => {
    const faults = firewallFaults([rule('a', '10.0.0.300', ''), rule('b', '', '10.0.0.x')]);
    expect(faults.map(({ index, field }) => [index, field])).toEqual([
      [0, 'endIpAddress'],
      [0, 'startIpAddress'],
      [1, 'startIpAddress'],
      [1, 'endIpAddress'],
    ]);
    expect(faults[1]!.message).toContain('10.0.0.300');
    expect(faults[3]!.message).toContain('10.0.0.x');
  });

  it('do not find fault with rules that are right', () => {
    expect(firewallFaults([rule('office', '203.0.113.1', '203.0.113.9'), rule('home', '198.51.100.7')])).toEqual([]);
  });
});

describe('the firewall form', () => {
  it('has the rule for Azure services as a box, and gives it back under its name', () => {
    const named = rule('azure', '0.0.0.0');
    const form = toFirewallForm([rule('office', '203.0.113.1'), named]);
    expect(form).toEqual({ firewallRules: [rule('office', '203.0.113.1')], allowAzureServices: true });
    expect(fromFirewallForm(form, [named])).toContainEqual(named);
    expect(fromFirewallForm(form, [])).toContainEqual(azure);
    expect(fromFirewallForm({ ...form, allowAzureServices: false }, [named])).toEqual(form.firewallRules);
  });
});

describe('merging', () => {
  const office = rule('office', '203.0.113.1');
  const home = rule('home', '198.51.100.7');

  it('keeps what others added, and does not put back what they removed', () => {
    const mine = [office, home, rule('mine', '192.0.2.1')];
    const theirs = [office, rule('theirs', '192.0.2.9')];
    expect(mergeFirewall([office, home], mine, theirs)).toEqual([
      office,
      rule('theirs', '192.0.2.9'),
      rule('mine', '192.0.2.1'),
    ]);
  });

  it('lets the own change of a rule and its removal stand', () => {
    const moved = rule('Office', '203.0.113.2');
    expect(mergeFirewall([office, home], [moved], [rule('office', '203.0.113.50'), home])).toEqual([moved]);
  });

  it('of nothing is what is there', () => {
    expect(mergeFirewall([office], [office], [home])).toEqual([home]);
    expect(sameRules([office, home], [home, { ...office }])).toBe(true);
    expect(sameRules([office], [{ ...office, endIpAddress: '203.0.113.2' }])).toBe(false);
  });
});
