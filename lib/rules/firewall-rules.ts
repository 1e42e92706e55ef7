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

export function sameRule(a: NamedAddressRange, b: NamedAddressRange): boolean {
  return (
    a.name.toLowerCase() === b.name.toLowerCase() &&
    a.startIpAddress === b.startIpAddress &&
    a.endIpAddress === b.endIpAddress
  );
}

/** By name without regard to case, as ARM looks rules up. */
function byName<Rule extends NamedAddressRange>(rules: readonly Rule[]): Map<string, Rule> {
  return new Map(rules.map((rule) => [rule.name.toLowerCase(), rule]));
}

/** The rules of `rules` that the other list does not have just so. */
export function changedRules<Rule extends NamedAddressRange>(
  rules: readonly Rule[],
  before: readonly NamedAddressRange[],
): Rule[] {
  const known = byName(before);
  return rules.filter((rule) => {
    const old = known.get(rule.name.toLowerCase());
    return old === undefined || !sameRule(old, rule);
  });
}

/** The rules of `rules` whose names the other list does not have. */
export function missingRules<Rule extends NamedAddressRange>(
  rules: readonly Rule[],
  from: readonly NamedAddressRange[],
): Rule[] {
  const known = byName(from);
  return rules.filter((rule) => !known.has(rule.name.toLowerCase()));
}

export function sameRules(a: readonly NamedAddressRange[], b: readonly NamedAddressRange[]): boolean {
  return a.length === b.length && changedRules(a, b).length === 0;
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
  const changed = changedRules(mine, base);
  const ownChange = byName(changed);
  const removed = byName(missingRules(base, mine));
  return [
    ...theirs
      .filter((rule) => !removed.has(rule.name.toLowerCase()))
      .map((rule) => ownChange.get(rule.name.toLowerCase()) ?? rule),
    ...missingRules(changed, theirs),
  ];
}
