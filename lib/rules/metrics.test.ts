import { describe, expect, it } from 'vitest';
import type { MetricDefinition } from '../arm/insights/metrics.ts';
import { metricData } from '../arm/insights/metrics.ts';
import { bestAggregation, DEFAULT_CHARTS, joinProblem, readCharts, writeCharts } from './metric-charts.ts';
import { metricCsv } from './metric-csv.ts';
import { autoGrain, boundsOf, grainProblem, GRAINS, MOST_POINTS, RANGES } from './metric-time.ts';
import { formatMetric } from './metric-values.ts';

const NOW = Date.UTC(2026, 0, 31, 12, 34, 56);

describe('times', () => {
  it.each([
    ['PT1H', 'PT1M'],
    ['PT12H', 'PT1M'],
    ['P1D', 'PT5M'],
    ['P7D', 'PT15M'],
    ['P30D', 'PT1H'],
  ])('%s is shown by %s unless one chooses', (range, grain) => {
    expect(autoGrain(RANGES.find(({ id }) => id === range)!.ms).id).toBe(grain);
  });

  it('never have more points than pixels', () => {
    for (const { ms } of RANGES) {
      for (const grain of GRAINS) {
        if (!grainProblem(ms, grain)) expect(ms / grain.ms).toBeLessThanOrEqual(MOST_POINTS);
      }
      expect(grainProblem(ms, autoGrain(ms))).toBeUndefined();
    }
  });

  it('end with the last whole minute, or with the step that runs', () => {
    const range = { range: 'PT1H', from: null, to: null };
    expect(boundsOf(range, GRAINS[0], NOW)).toEqual({
      from: Date.UTC(2026, 0, 31, 11, 34),
      to: Date.UTC(2026, 0, 31, 12, 34),
    });
    expect(boundsOf({ ...range, range: 'P1D' }, GRAINS[4], NOW)).toEqual({
      from: Date.UTC(2026, 0, 30, 13),
      to: Date.UTC(2026, 0, 31, 13),
    });
  });

  it('of one’s own are taken as they are, in whole minutes', () => {
    const own = { range: null, from: NOW - 90_000, to: NOW };
    expect(boundsOf(own, GRAINS[0], NOW)).toEqual({
      from: Date.UTC(2026, 0, 31, 12, 33),
      to: Date.UTC(2026, 0, 31, 12, 35),
    });
  });
});

function definition(name: string, unit: string, primary: string, supported: string[]): MetricDefinition {
  return { name: { value: name }, unit, primaryAggregationType: primary, supportedAggregationTypes: supported };
}
const LEVELS = ['Average', 'Maximum', 'Minimum'];
const DEFINITIONS = [
  definition('cpu_percent', 'Percent', 'Maximum', LEVELS),
  definition('storage_used', 'Bytes', 'Maximum', LEVELS),
  definition('active_connections', 'Count', 'Maximum', LEVELS),
  definition('Queries', 'Count', 'Total', ['Total']),
  definition('Com_insert', 'Count', 'Total', ['Total']),
];

describe('charts', () => {
  it('come back from their address', () => {
    expect(readCharts(writeCharts(DEFAULT_CHARTS))).toEqual(DEFAULT_CHARTS);
  });

  it('take from any address what makes sense', () => {
    expect(readCharts('')).toEqual([]);
    expect(readCharts('a,a,b;;<x>~Average;c~Nonsense;d,e,f,g,h~Total')).toEqual([
      { metrics: ['a', 'b'], aggregation: 'Average' },
      { metrics: ['c'], aggregation: 'Average' },
      { metrics: ['d', 'e', 'f', 'g'], aggregation: 'Total' },
    ]);
    expect(readCharts('a;'.repeat(100))).toHaveLength(12);
  });

  it('have two units and four metrics at most', () => {
    const problem = (index: number, chosen: string[]) => joinProblem(DEFINITIONS[index]!, chosen, DEFINITIONS);
    expect(problem(1, ['cpu_percent'])).toBeUndefined();
    expect(problem(3, ['cpu_percent', 'storage_used'])).toContain('two axes');
    expect(problem(0, ['cpu_percent', 'storage_used', 'active_connections', 'Queries'])).toBeUndefined();
    expect(problem(4, ['cpu_percent', 'active_connections', 'Queries', 'x'])).toContain('4 metrics');
  });

  it('begin with what their metrics are for', () => {
    expect(bestAggregation(['Queries', 'Com_insert'], DEFINITIONS)).toBe('Total');
    expect(bestAggregation(['cpu_percent'], DEFINITIONS)).toBe('Average');
    expect(bestAggregation(['cpu_percent', 'Queries'], DEFINITIONS)).toBe('Average');
  });
});

describe('an answer', () => {
  const head = { type: 'Microsoft.Insights/metrics', unit: 'Count', errorCode: 'Success' };
  const stamps = ['2026-01-31T12:00:00Z', '2026-01-31T12:01:00Z'];

  it('becomes values on common times, gaps stay gaps, zero is no gap', () => {
    const data = metricData(
      {
        timespan: 'x',
        interval: 'PT1M',
        value: [
          { ...head, name: { value: 'never' }, timeseries: [] },
          {
            ...head,
            name: { value: 'Queries', localizedValue: 'Queries' },
            timeseries: [{ data: [{ timeStamp: stamps[0]!, total: 0 }, { timeStamp: stamps[1]! }] }],
          },
        ],
      },
      'Total',
    );
    expect(data.times).toEqual(stamps.map((stamp) => Date.parse(stamp)));
    expect(data.series.map(({ values }) => values)).toEqual([
      [null, null],
      [0, null],
    ]);
  });

  it('becomes a file that spreadsheets read and do not run', () => {
    const csv = metricCsv(
      {
        times: stamps.map((stamp) => Date.parse(stamp)),
        interval: 'PT1M',
        series: [
          { name: 'a', displayName: 'Read, "quoted"', unit: 'Count', values: [1.5, null] },
          { name: 'b', displayName: '=SUM(A1)', unit: 'Bytes', values: [-3, 0] },
        ],
      },
      'Average',
    );
    expect(csv).toBe(
      [
        `time (UTC),"Read, ""quoted"" (Average, Count)","'=SUM(A1) (Average, Bytes)"`,
        '2026-01-31T12:00:00.000Z,1.5,-3',
        '2026-01-31T12:01:00.000Z,,0',
        '',
      ].join('\r\n'),
    );
  });
});

it.each([
  [12.345, 'Percent', '12.3 %'],
  [1.234, 'Percent', '1.23 %'],
  [3 * 1024 ** 3, 'Bytes', '3 GiB'],
  [90, 'Seconds', '90 s'],
  [1204.5, 'Count', '1,204.5'],
])('%d %s reads %s', (value, unit, words) => {
  expect(formatMetric(value, unit, 'en')).toBe(words);
});
