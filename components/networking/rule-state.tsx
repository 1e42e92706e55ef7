import { Pill } from '@/components/ui/pill';
import type { PlanState } from '@/lib/queries/run-plan';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import { sameRule } from '@/lib/rules/firewall-rules';

interface RuleStateProps {
  rule: NamedAddressRange;
  /** What the server has. */
  base: readonly NamedAddressRange[];
  states: Readonly<Record<string, PlanState>>;
}

/** Whether a rule is in force, is becoming so, or why not. */
export function RuleState({ rule, base, states }: RuleStateProps) {
  const state = states[rule.name.toLowerCase()];
  if (state?.status === 'failed') {
    return (
      <span className="text-xs text-bad">
        {state.error.message} <span className="font-mono">({state.error.code})</span>
      </span>
    );
  }
  if (state?.status === 'waiting' || state?.status === 'sending') return <Pill tone="accent">Being sent</Pill>;
  if (state?.status === 'running') {
    return (
      <Pill tone="accent" busy>
        Taking effect
      </Pill>
    );
  }
  if (base.some((old) => sameRule(old, rule))) return state?.status === 'done' ? <Pill tone="ok">In force</Pill> : null;
  return <Pill tone="warn">{base.some(({ name }) => name === rule.name) ? 'Changed' : 'New'}</Pill>;
}
