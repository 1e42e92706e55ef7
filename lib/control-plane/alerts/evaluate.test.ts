import { describe, expect, it } from 'vitest';
import { openSamplesDatabase, appendMinute, readSeries, type Series } from '../store/samples.ts';
import { closedMinute, dueLooks, judge, nextCondition, slide, valueAt, type Criterion } from './evaluate.ts';
import { previewRule } from './preview.ts';

const MINUTE = 60_000;
const STATEFUL = { autoMitigate: true, repeatAfterMs: 5 * MINUTE };

function criterion(more: Partial<Criterion> = {}): Criterion {
  return {
    name: 'c',
    metricName: 'cpu_percent',
    timeAggregation: 'Average',
    operator: 'GreaterThan',
    threshold: 50,
    ...more,
  };
}

function minutes(values: (number | null)[]): Series {
  const filled = values.map((value) => value ?? 0);
  return {
    minimum: Float64Array.from(filled, (value) => value - 1),
    maximum: Float64Array.from(filled, (value) => value + 1),
    total: Float64Array.from(filled),
    count: Uint32Array.from(values, (value) => (value === null ? 0 : 1)),
  };
}

describe('judging criteria', () => {
  it.each([
    ['all are met', [60, 70], 'Unhealthy'],
    ['one is not', [60, 10], 'Healthy'],
    ['one has no data', [60, null], 'NoData'],
    ['one is not met, whatever another does not know', [null, 10], 'Healthy'],
    ['none has data', [null, null], 'NoData'],
  ] as const)('%s', (_, values, outcome) => {
    expect(judge([criterion(), criterion()], [...values]).outcome).toBe(outcome);
  });

  it.each([
    ['GreaterThan', 50, false],
    ['GreaterThanOrEqual', 50, true],
    ['LessThan', 50, false],
    ['LessThanOrEqual', 50, true],
    ['Equals', 50, true],
    ['Equals', 50.1, false],
  ] as const)('%s 50 at %d', (operator, value, met) => {
    expect(judge([criterion({ operator })], [value]).outcome).toBe(met ? 'Unhealthy' : 'Healthy');
  });

  it('never takes a window without a sample for 0', () => {
    const nothing = minutes([null]);
    for (const aggregation of ['Average', 'Minimum', 'Maximum', 'Total', 'Count'] as const) {
      expect(valueAt(nothing, 0, aggregation)).toBeNull();
    }
    expect(judge([criterion({ operator: 'LessThan' })], [null]).outcome).toBe('NoData');
  });
});

describe('what follows from a look', () => {
  const fired = { status: 'Unhealthy', healthyLooks: 0, alertId: 'a', evaluatedAt: 0 } as const;

  it('fires once, and is resolved after three healthy looks in a row', () => {
    expect(nextCondition(undefined, 'Unhealthy', 1, STATEFUL, undefined).change).toBe('fire');
    expect(nextCondition(fired, 'Unhealthy', 1, STATEFUL, undefined).change).toBeUndefined();
    const one = nextCondition(fired, 'Healthy', 1, STATEFUL, undefined);
    const two = nextCondition(one.condition, 'Healthy', 2, STATEFUL, undefined);
    expect([one.change, two.change]).toEqual([undefined, undefined]);
    expect(nextCondition(two.condition, 'Healthy', 3, STATEFUL, undefined).change).toBe('resolve');
    const again = nextCondition(two.condition, 'Unhealthy', 3, STATEFUL, undefined);
    expect(again).toMatchObject({ change: undefined, condition: { healthyLooks: 0 } });
  });

  it('stays as it is without data', () => {
    expect(nextCondition(fired, 'NoData', 1, STATEFUL, undefined)).toMatchObject({
      change: undefined,
      condition: { alertId: 'a', healthyLooks: 0 },
    });
    expect(nextCondition(undefined, 'NoData', 1, STATEFUL, undefined).change).toBeUndefined();
  });

  it('fires anew, now and then, where nothing is resolved by itself', () => {
    const manner = { autoMitigate: false, repeatAfterMs: 5 * MINUTE };
    const changes = [0, 1, 4, 5, 6].map(
      (minute) => nextCondition(undefined, 'Unhealthy', minute * MINUTE, manner, minute === 0 ? undefined : 0).change,
    );
    expect(changes).toEqual(['fire', undefined, undefined, 'fire', 'fire']);
  });
});

describe('looks that are due', () => {
  it('follow the last one, up to the newest whole minute', () => {
    expect(dueLooks(10 * MINUTE, 13 * MINUTE, MINUTE, 0)).toEqual([11, 12, 13].map((at) => at * MINUTE));
    expect(dueLooks(10 * MINUTE, 13 * MINUTE, 5 * MINUTE, 0)).toEqual([]);
    expect(dueLooks(10 * MINUTE, 20 * MINUTE, 5 * MINUTE, 0)).toEqual([15 * MINUTE, 20 * MINUTE]);
  });

  it('are not those of long ago, and keep their distance', () => {
    expect(dueLooks(0, 100 * MINUTE, 30 * MINUTE, 40 * MINUTE)).toEqual([60 * MINUTE, 90 * MINUTE]);
  });

  it('leave a minute the time to be kept', () => {
    expect(closedMinute(10 * MINUTE + 4_999, 5_000)).toBe(9 * MINUTE);
    expect(closedMinute(10 * MINUTE + 5_000, 5_000)).toBe(10 * MINUTE);
  });
});

describe('a window that slides', () => {
  it('is what reading each window by itself would say', () => {
    const values = Array.from({ length: 200 }, (_, index) =>
      index % 7 === 0 || (index > 60 && index < 90) ? null : (index * 37) % 101,
    );
    const series = minutes(values);
    for (const aggregation of ['Average', 'Minimum', 'Maximum', 'Total', 'Count'] as const) {
      for (const [window, every] of [
        [1, 1],
        [5, 1],
        [15, 5],
        [60, 60],
      ] as const) {
        const slid = slide(series, window, every, aggregation);
        const plain: (number | null)[] = [];
        for (let end = window; end <= values.length; end += every) {
          const known = values.slice(end - window, end).filter((value) => value !== null);
          const total = known.reduce((sum, value) => sum + value, 0);
          const of = {
            Average: total / known.length,
            Minimum: Math.min(...known) - 1,
            Maximum: Math.max(...known) + 1,
            Total: total,
            Count: known.length,
          };
          plain.push(known.length === 0 ? null : of[aggregation]);
        }
        expect(slid, `${aggregation} ${window}/${every}`).toEqual(plain);
      }
    }
  });
});

describe('a preview', () => {
  it('fires and resolves where the daemon would have', async () => {
    const samples = openSamplesDatabase(':memory:');
    // Two peaks of ten minutes in three hours, and a gap.
    const start = 1_000 * 60 * MINUTE;
    for (let minute = 0; minute < 180; minute++) {
      if (minute > 100 && minute < 110) continue;
      const value = (minute >= 30 && minute < 40) || (minute >= 120 && minute < 130) ? 90 : 10;
      const at = start + minute * MINUTE;
      appendMinute(samples, 'one', at, new Map([['cpu_percent', { minimum: value, maximum: value, value }]]));
    }
    expect(
      readSeries(samples, { serverId: 'one', metric: 'cpu_percent', from: start, stepMs: MINUTE, steps: 180 })
        .count[35],
    ).toBe(1);
    const found = await previewRule(
      samples,
      'one',
      { criteria: [criterion()], windowMs: 5 * MINUTE, frequencyMs: MINUTE, manner: STATEFUL },
      { from: start, to: start + 180 * MINUTE },
    );
    // The mean of five minutes passes 50 with the third minute of a peak, and falls below with the third after it.
    expect(
      found.alerts.map(({ firedAt, resolvedAt }) => [(firedAt - start) / MINUTE, (resolvedAt! - start) / MINUTE]),
    ).toEqual([
      [33, 45],
      [123, 135],
    ]);
    expect(found).toMatchObject({ looks: 181, looksWithoutData: 6 });
  });
});
