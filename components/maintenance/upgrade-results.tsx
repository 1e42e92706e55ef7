import { Notice } from '@/components/ui/notice';
import { Pill } from '@/components/ui/pill';
import type { UpgradeCheck, UpgradeCheckResult } from '@/lib/arm/local/upgrade';

const OUTCOMES = {
  Passed: { label: 'Passed', tone: 'ok' },
  Warning: { label: 'Look at', tone: 'warn' },
  Failed: { label: 'Put right', tone: 'bad' },
  Skipped: { label: 'Left out', tone: 'off' },
} as const;
const WEIGHT = { Failed: 0, Warning: 1, Skipped: 2, Passed: 3 };
const SHOWN = 8;

/** What was found, the weightiest first; what is as it should be can be opened. */
export function UpgradeResults({ check }: { check: UpgradeCheck }) {
  const { checks, status, problem } = check.properties;
  if (problem) {
    return (
      <Notice tone="bad" title="It could not be checked.">
        {problem}
      </Notice>
    );
  }
  if (status === 'InProgress' && checks.length === 0) {
    return <p className="text-text-2">Comparing the server with the newer MySQL…</p>;
  }
  const sorted = checks.toSorted((one, other) => WEIGHT[one.outcome] - WEIGHT[other.outcome]);
  // The rehearsal's says how long it takes.
  const isPlain = ({ name, outcome }: UpgradeCheckResult) => outcome === 'Passed' && name !== 'rehearsal';
  const plain = sorted.filter(isPlain);
  return (
    <>
      <Results list={sorted.filter((one) => !isPlain(one))} />
      {status === 'InProgress' && (
        <p className="border-t border-line py-2 text-text-2">Upgrading a copy of the data…</p>
      )}
      {plain.length > 0 && (
        <details className="border-t border-line">
          <summary className="cursor-pointer py-2 text-text-2">
            {plain.length} {plain.length === 1 ? 'check' : 'checks'} passed:{' '}
            {plain.map(({ title }) => title.toLowerCase()).join(', ')}
          </summary>
          <Results list={plain} />
        </details>
      )}
    </>
  );
}

function Results({ list }: { list: readonly UpgradeCheckResult[] }) {
  return (
    <ul className="grid">
      {list.map(({ name, title, outcome, message, items }) => (
        <li key={name} className="grid gap-x-3 gap-y-1 border-t border-line py-2 sm:grid-cols-[84px_minmax(0,1fr)]">
          <span>
            <Pill tone={OUTCOMES[outcome].tone}>{OUTCOMES[outcome].label}</Pill>
          </span>
          <div className="min-w-0">
            <b className="font-[560]">{title}</b>
            <p className="max-w-prose text-text-2">{message}</p>
            <Items list={items.slice(0, SHOWN)} />
            {items.length > SHOWN && (
              <details className="text-xs text-text-2">
                <summary className="cursor-pointer py-0.5">{items.length - SHOWN} more</summary>
                <Items list={items.slice(SHOWN)} />
              </details>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Items({ list }: { list: readonly string[] }) {
  if (list.length === 0) return null;
  return (
    <ul className="pt-1 font-mono text-xs text-text-2 [overflow-wrap:anywhere]">
      {list.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
