import type { StatementCounters, StatementStatistics, WaitStatistics } from '../../mysql/statement-statistics.ts';

/** Statements of a minute that are kept by name; what all others cost is kept as one. */
export const KEPT_BY_MINUTE = 50;

export interface StatementRise {
  /** Null: all that are not kept by name. */
  statement: { digest: string; schema: string; text: string } | null;
  counters: StatementCounters;
}

/** How it stood, by digest and schema. */
export type Baseline = Map<string, StatementCounters>;

export function keyOfStatement({ digest, schema }: Pick<StatementStatistics, 'digest' | 'schema'>): string {
  return `${digest ?? ''} ${schema}`;
}

/**
 * How much each statement cost since it was looked at last. Of one that fell (somebody emptied the table) all that it has is
 * new. The baseline is brought up to date.
 */
export function statementRises(baseline: Baseline, found: readonly StatementStatistics[]): StatementRise[] {
  const rises: StatementRise[] = [];
  for (const { digest, schema, text, counters } of found) {
    const key = keyOfStatement({ digest, schema });
    const before = baseline.get(key);
    baseline.set(key, counters);
    const isContinued = before !== undefined && before.count <= counters.count;
    const rise = isContinued ? combine(counters, before, (now, then) => Math.max(0, now - then)) : counters;
    if (rise.count > 0) rises.push({ statement: digest === null ? null : { digest, schema, text }, counters: rise });
  }
  return topAndRest(rises, KEPT_BY_MINUTE);
}

/** The ones that took most time, and one for all others together. */
export function topAndRest(rises: readonly StatementRise[], most: number): StatementRise[] {
  const named = rises
    .filter(({ statement }) => statement !== null)
    .sort((one, other) => other.counters.time - one.counters.time);
  const rest = [...rises.filter(({ statement }) => statement === null), ...named.slice(most)];
  const [first, ...others] = rest.map(({ counters }) => counters);
  const sum = others.reduce((total, each) => combine(total, each, (one, other) => one + other), first!);
  return [...named.slice(0, most), ...(first ? [{ statement: null, counters: sum }] : [])];
}

function combine(
  one: StatementCounters,
  other: StatementCounters,
  with_: (one: number, other: number) => number,
): StatementCounters {
  const result = { ...one };
  for (const name of Object.keys(result) as (keyof StatementCounters)[]) result[name] = with_(one[name], other[name]);
  return result;
}

/** How much each class of waits rose. A new life begins at nothing. */
export function waitRises(
  before: readonly WaitStatistics[] | undefined,
  now: readonly WaitStatistics[],
): WaitStatistics[] {
  return now.flatMap(({ kind, count, time }) => {
    const then = before?.find((wait) => wait.kind === kind);
    const isContinued = then !== undefined && then.count <= count;
    const rise = isContinued ? { kind, count: count - then.count, time: time - then.time } : { kind, count, time };
    return rise.count > 0 ? [rise] : [];
  });
}
