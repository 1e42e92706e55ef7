import { describe, expect, it } from 'vitest';
import type { StatementCounters } from '../../mysql/statement-statistics.ts';
import { statementRises, topAndRest, waitRises, type Baseline } from './rises.ts';

const counters = (count: number, time: number): StatementCounters => ({
  count,
  time,
  lockTime: 0,
  errors: 0,
  rowsSent: count,
  rowsExamined: 10 * count,
  rowsAffected: 0,
  noIndex: 0,
  diskTables: 0,
});
const row = (digest: string | null, count: number, time: number, schema = 'shop') => ({
  digest,
  schema,
  text: `text of ${digest}`,
  counters: counters(count, time),
});

describe('rises', () => {
  it('are what came since the last look, of each statement in each database', () => {
    const baseline: Baseline = new Map();
    statementRises(baseline, [row('a', 5, 50), row('a', 1, 1, 'other')]);
    const rises = statementRises(baseline, [row('a', 7, 90), row('a', 1, 1, 'other'), row('b', 1, 3)]);
    expect(rises.map(({ statement, counters: { count, time } }) => [statement?.digest, count, time])).toEqual([
      ['a', 2, 40],
      ['b', 1, 3],
    ]);
  });

  it('take all of a statement whose counters fell', () => {
    const baseline: Baseline = new Map();
    statementRises(baseline, [row('a', 5, 50)]);
    expect(statementRises(baseline, [row('a', 2, 20)])[0]!.counters).toMatchObject({ count: 2, time: 20 });
  });

  it('sum up what is not among the slowest', () => {
    const all = Array.from({ length: 5 }, (_, index) => ({
      statement: { digest: String(index), schema: '', text: '' },
      counters: counters(1, index),
    }));
    const found = topAndRest([...all, { statement: null, counters: counters(3, 100) }], 2);
    expect(found.map(({ statement, counters: { count, time } }) => [statement?.digest ?? null, count, time])).toEqual([
      ['4', 1, 4],
      ['3', 1, 3],
      [null, 6, 103],
    ]);
  });

  it('of waits begin anew with each life', () => {
    const before = [{ kind: 'wait/io/file', count: 10, time: 100 }];
    expect(waitRises(before, [{ kind: 'wait/io/file', count: 12, time: 130 }])).toEqual([
      { kind: 'wait/io/file', count: 2, time: 30 },
    ]);
    expect(waitRises(before, [{ kind: 'wait/io/file', count: 3, time: 9 }])[0]).toMatchObject({ count: 3, time: 9 });
    expect(waitRises(before, before)).toEqual([]);
  });
});
