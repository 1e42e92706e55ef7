import { AZURE_SERVICES_RULE_NAME, isAzureServicesRule, type NamedAddressRange } from './address-ranges.ts';
import { addressRangeProblem, firewallRuleNameProblem, MAX_FIREWALL_RULES } from './names.ts';

/** A fault of a list of rules: which rule, which field of it, and what is wrong. Without `index`: of the whole list. */
export interface FirewallFault {
  index?: number;
  field?: keyof NamedAddressRange;
  message: string;
}

/** Everything that is wrong with the rules as a person has written them. The rule for Azure services has its own box. */
export function firewallFaults(rules: readonly NamedAddressRange[]): FirewallFault[] {
  const faults: FirewallFault[] = [];
  if (rules.length > MAX_FIREWALL_RULES) {
    faults.push({
      message: `A server has at most ${MAX_FIREWALL_RULES} firewall rules. Join ranges that lie side by side.`,
    });
  }
  const seen = new Set<string>();
  rules.forEach((rule, index) => {
    const name = rule.name === '' ? 'Write a name.' : firewallRuleNameProblem(rule.name);
    if (name) faults.push({ index, field: 'name', message: name });
    else if (seen.has(rule.name.toLowerCase())) {
      faults.push({ index, field: 'name', message: `Another rule is already called “${rule.name}”.` });
    }
    seen.add(rule.name.toLowerCase());

    const { startIpAddress: start, endIpAddress: end } = rule;
    if (start === '') faults.push({ index, field: 'startIpAddress', message: 'Write the start IP address.' });
    if (end === '') faults.push({ index, field: 'endIpAddress', message: 'Write the end IP address.' });
    if (start === '' && end === '') return;
    // Of two of which one is still to come, the other is looked at alone.
    const only = end === '' ? 'startIpAddress' : start === '' ? 'endIpAddress' : undefined;
    const problem = addressRangeProblem(start || end, end || start);
    if (problem) faults.push({ index, field: only ?? problem.field, message: problem.message });
    else if (isAzureServicesRule(rule)) {
      faults.push({
        index,
        field: 'startIpAddress',
        message: 'This is the rule for Azure services: tick its box instead.',
      });
    }
  });
  return faults;
}

/** Rules as the form has them: those of people in the grid, the one for Azure services as a box. */
export interface FirewallForm {
  firewallRules: NamedAddressRange[];
  allowAzureServices: boolean;
}

export function toFirewallForm(rules: readonly NamedAddressRange[]): FirewallForm {
  return {
    firewallRules: rules
      .filter((rule) => !isAzureServicesRule(rule))
      .map(({ name, startIpAddress, endIpAddress }) => ({ name, startIpAddress, endIpAddress })),
    allowAzureServices: rules.some(isAzureServicesRule),
  };
}

/** The rules that a form stands for. The one for Azure services keeps the name that it has in `before`. */
export function fromFirewallForm(form: FirewallForm, before: readonly NamedAddressRange[]): NamedAddressRange[] {
  if (!form.allowAzureServices) return form.firewallRules;
  const known = before.filter(isAzureServicesRule);
  const azure = { name: AZURE_SERVICES_RULE_NAME, startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' };
  return [...form.firewallRules, ...(known.length > 0 ? known : [azure])];
}

const sameName = (a: NamedAddressRange, b: NamedAddressRange) => a.name.toLowerCase() === b.name.toLowerCase();

export function sameRule(a: NamedAddressRange, b: NamedAddressRange): boolean {
  return sameName(a, b) && a.startIpAddress === b.startIpAddress && a.endIpAddress === b.endIpAddress;
}

export function sameRules(a: readonly NamedAddressRange[], b: readonly NamedAddressRange[]): boolean {
  return a.length === b.length && a.every((rule) => b.some((other) => sameRule(rule, other)));
}

/**
 * What a person has changed, on top of what the server has by now: rules that somebody else added or removed meanwhile
 * are neither removed nor put back.
 *
 * @param base the server's rules when the person began; @param mine what the person made of them.
 * @param theirs the server's rules now.
 */
export function mergeFirewall(
  base: readonly NamedAddressRange[],
  mine: readonly NamedAddressRange[],
  theirs: readonly NamedAddressRange[],
): NamedAddressRange[] {
  const untouched = (rule: NamedAddressRange) => base.some((old) => sameRule(old, rule));
  const removed = (rule: NamedAddressRange) =>
    base.some((old) => sameName(old, rule)) && !mine.some((own) => sameName(own, rule));
  const changed = mine.filter((rule) => !untouched(rule));
  return [
    ...theirs.filter((rule) => !removed(rule)).map((rule) => changed.find((own) => sameName(own, rule)) ?? rule),
    ...changed.filter((rule) => !theirs.some((other) => sameName(other, rule))),
  ];
}
