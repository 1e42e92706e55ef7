import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { openSamplesDatabase } from './samples.ts';
import {
  appendStatements,
  packNextStatementHour,
  pruneStatements,
  readStatementSums,
  readStatementTrend,
  readWaitSums,
} from './statements.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);

let database: Database;
beforeEach(() => {
  database = openSamplesDatabase(':memory:');
});

const counters = (count: number, time: number) => ({
  count,
  time,
  lockTime: 0,
  errors: 0,
  rowsSent: 0,
  rowsExamined: 0,
  rowsAffected: 0,
  noIndex: 0,
  diskTables: 0,
});

function keep(minute: number, rows: Record<string, [count: number, time: number]>, serverId = 'one'): void {
  const statements = Object.entries(rows).map(([digest, [count, time]]) => ({
    statement: digest === 'rest' ? null : { digest, schema: 'shop', text: `text of ${digest}` },
    counters: counters(count, time),
  }));
  appendStatements(database, serverId, minute, { statements, waits: [{ kind: 'wait/io/file', count: 1, time: 5 }] });
}

const sums = (from: number, to: number, serverId = 'one') =>
  Object.fromEntries(
    readStatementSums(database, { serverId, from, to }).map(({ digest, counters: { count, time } }) => [
      digest || 'rest',
      [count, time],
    ]),
  );
const pack = (before: number) => {
  let hours = 0;
  while (packNextStatementHour(database, before)) hours += 1;
  return hours;
};

describe('statements', () => {
  it('are summed up over the minutes of a span, each server by itself', () => {
    keep(START, { a: [1, 10], b: [2, 5], rest: [9, 9] });
    keep(START + MINUTE, { a: [3, 30] });
    keep(START, { a: [100, 100] }, 'two');
    expect(sums(START, START + 2 * MINUTE)).toEqual({ a: [4, 40], b: [2, 5], rest: [9, 9] });
    expect(sums(START + MINUTE, START + 2 * MINUTE)).toEqual({ a: [3, 30] });
    expect(sums(START, START + MINUTE, 'two')).toEqual({ a: [100, 100] });
    expect(sums(START, START + MINUTE, 'three')).toEqual({});
  });

  it('are the same whether an hour is packed or not', () => {
    for (let minute = 0; minute < 150; minute++)
      keep(START + minute * MINUTE, { a: [1, 2], [`s${minute % 7}`]: [1, 1] });
    const span = [START, START + 12 * HOUR] as const;
    const before = sums(...span);
    expect(pack(START + 3 * HOUR)).toBe(3);
    expect(pack(START + 3 * HOUR)).toBe(0);
    expect(sums(...span)).toEqual(before);
    expect(before['a']).toEqual([150, 300]);
    const { stepMs, points } = readStatementTrend(database, { serverId: 'one', from: span[0], to: span[1] });
    expect([stepMs, points.map(({ counters: { count } }) => count)]).toEqual([HOUR, [120, 120, 60]]);
    expect(readWaitSums(database, { serverId: 'one', from: span[0], to: span[1] })).toEqual([
      { kind: 'wait/io/file', count: 150, time: 750 },
    ]);
  });

  it('do not grow without bound: an hour names a hundred', () => {
    keep(START, Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`s${index}`, [1, index + 1]])));
    pack(START + HOUR);
    const found = sums(START, START + 12 * HOUR);
    expect(Object.keys(found)).toHaveLength(101);
    expect(found['s129']).toEqual([1, 130]);
    expect(found['rest']).toEqual([30, (30 * 31) / 2]);
  });

  it('are forgotten in time, with their texts', () => {
    keep(START, { old: [1, 1] });
    pack(START + HOUR);
    keep(START + 31 * 24 * HOUR, { young: [1, 1] });
    pruneStatements(database, START + 31 * 24 * HOUR + HOUR);
    expect(database.prepare('SELECT digest FROM statements').all()).toEqual([{ digest: 'young' }]);
  });

  it('of a minute that is there already stay as they are', () => {
    keep(START, { a: [1, 10] });
    keep(START, { a: [5, 50] });
    expect(sums(START, START + MINUTE)).toEqual({ a: [1, 10] });
  });
});
