import { Pill } from '@/components/ui/pill';
import { Notice } from '@/components/ui/notice';
import type { UpgradeCheck } from '@/lib/arm/local/upgrade';

const OUTCOMES = {
  Passed: { label: 'Passed', tone: 'ok' },
  Warning: { label: 'Look at', tone: 'warn' },
  Failed: { label: 'Put right', tone: 'bad' },
  Skipped: { label: 'Left out', tone: 'off' },
} as const;
const WEIGHT = { Failed: 0, Warning: 1, Skipped: 2, Passed: 3 };
const SHOWN = 8;

/** What was found, the weightiest first. */
export function UpgradeResults({ check }: { check: UpgradeCheck }) {
  const { checks, status, problem } = check.properties;
  const sorted = checks.toSorted((one, other) => WEIGHT[one.outcome] - WEIGHT[other.outcome]);
  if (problem) {
    return (
      <Notice tone="bad" title="It could not be checked">
        {problem}
      </Notice>
    );
  }
  if (status === 'InProgress' && checks.length === 0) {
    return <p className="text-text-2">Comparing the server with the newer MySQL…</p>;
  }
  return (
    <ul className="grid">
      {sorted.map(({ name, title, outcome, message, items }) => (
        <li key={name} className="grid gap-x-3 gap-y-1 border-t border-line py-2 sm:grid-cols-[84px_minmax(0,1fr)]">
          <span>
            <Pill tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].label}</Pill>
          </span>
          <div className="min-w-0">
            <b className="font-[560]">{title}</b>
            <p className="max-w-prose text-text-2">{message}</p>
            {items.length > 0 && (
              <ul className="pt-1 font-mono text-xs text-text-2 [overflow-wrap:anywhere]">
                {items.slice(0, SHOWN).map((item) => (
                  <li key={item}>{item}</li>
                ))}
              </ul>
            )}
            {items.length > SHOWN && (
              <details className="text-xs text-text-2">
                <summary className="cursor-pointer py-0.5">{items.length - SHOWN} more</summary>
                <ul className="font-mono [overflow-wrap:anywhere]">
                  {items.slice(SHOWN).map((item) => (
                    <li key={item}>{item}</li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
