import { describe, expect, it } from 'vitest';
import { ArmError } from '../../arm/error.ts';
import { parseMetricQuery, parseTimespan } from './metric-query.ts';

const NOW = Date.UTC(2026, 0, 31, 12, 34, 56, 789);
const at = (hour: number, minute = 0) => Date.UTC(2026, 0, 31, hour, minute);

describe('a timespan', () => {
  it.each([
    ['2026-01-31T10:00:00Z/2026-01-31T11:00:00Z', at(10), at(11)],
    ['2026-01-31T10:00:30.123Z/2026-01-31T11:00:59Z', at(10), at(11)],
    // The Azure CLI: encoded twice, no zone.
    ['2026-01-31T10%3A46%3A09.803580%2F2026-01-31T11%3A46%3A09.803580', at(10, 46), at(11, 46)],
    ['2026-01-31T12:00:00+02:00/2026-01-31T13:00:00 02:00', at(10), at(11)],
    ['2026-01-31T10:00/PT1H', at(10), at(11)],
    ['PT30M/2026-01-31T11:00:00Z', at(10, 30), at(11)],
    ['PT1H', at(11, 34), at(12, 34)],
    ['P1DT2H', Date.UTC(2026, 0, 30, 10, 34), at(12, 34)],
    [undefined, at(11, 34), at(12, 34)],
    ['2026-01-31/2026-02-01', at(0), at(24)],
    // Never nothing.
    ['2026-01-31T10:00:01Z/2026-01-31T10:00:09Z', at(10), at(10, 1)],
  ])('%s', (text, from, to) => {
    expect(parseTimespan(text, NOW)).toEqual({ from, to });
  });

  it.each([
    'yesterday',
    '2026-01-31T10:00:00Z/',
    '/',
    'PT1H/PT1H',
    '2026-01-31T10:00:00Z/2026-01-31T11:00:00Z/PT1H',
    '2026-13-41T10:00:00Z/2026-01-31T11:00:00Z',
    'P1M',
    '%E0%A4%A/PT1H',
    '2026-01-31T11:00:00Z/2026-01-31T10:00:00Z',
    '1/2',
  ])('%s is refused', (text) => {
    expect(() => parseTimespan(text, NOW)).toThrow(expect.objectContaining({ code: 'BadRequest', status: 400 }));
  });
});

describe('a query', () => {
  const parse = (query: Record<string, string>) => parseMetricQuery(query, NOW);

  it('asks for the last hour by the minute and the primary aggregation unless it says otherwise', () => {
    const query = parse({ metricnames: 'CPU_percent, queries' });
    expect(query).toMatchObject({ from: at(11, 34), to: at(12, 34), steps: 60, interval: 'PT1M', metadataOnly: false });
    expect(query.metrics.map(({ metric, aggregations }) => [metric.name, ...aggregations])).toEqual([
      ['cpu_percent', 'Maximum'],
      ['Queries', 'Total'],
    ]);
  });

  it('has every parameter in any letters, and tolerates what dimensions would need', () => {
    const query = parse({
      MetricNames: 'Queries',
      Aggregation: 'count, TOTAL,total',
      Interval: 'pt5m',
      Timespan: 'PT1H',
      Top: '10',
      OrderBy: 'total asc',
      $filter: '',
    });
    expect(query).toMatchObject({ steps: 12, interval: 'PT5M' });
    expect(query.metrics[0]!.aggregations).toEqual(['Count', 'Total']);
  });

  it.each([
    ['FULL', 'PT4H', 1, 'PT4H'],
    ['FULL', 'P1DT30M', 1, 'P1DT30M'],
    ['PT1H', 'PT90M', 2, 'PT1H'],
    ['auto', 'P30D', 720, 'PT1H'],
    ['auto', 'PT1H', 60, 'PT1M'],
  ])('by %s over %s has %d steps of %s', (interval, timespan, steps, said) => {
    expect(parse({ interval, timespan })).toMatchObject({ steps, interval: said });
  });

  it('adjusts the interval when that is wished for', () => {
    expect(parse({ interval: 'PT6H', timespan: 'PT5H', AutoAdjustTimegrain: 'true' }).interval).toBe('PT1H');
    expect(parse({ interval: 'PT2M', AutoAdjustTimegrain: 'true' }).interval).toBe('PT1M');
  });

  it.each([
    [{ metricnames: 'nonsense' }, 'Valid metrics: HA_IO_status,'],
    // Read replicas are not there yet, so neither are their metrics.
    [{ metricnames: 'replication_lag' }, 'Valid metrics:'],
    [{ metricnames: Array.from({ length: 21 }, (_, index) => `m${index}`).join(',') }, 'At most 20'],
    [{ interval: 'PT2M' }, 'PT1M,PT5M,PT15M'],
    [{ interval: '5' }, 'PT1M,PT5M,PT15M'],
    [{ aggregation: 'P95' }, 'Average,Minimum,Maximum,Total,Count'],
    [{ metricnamespace: 'Microsoft.Sql/servers' }, 'Microsoft.DBforMySQL/flexibleServers'],
    [{ $filter: "Tier eq 'Hot'" }, 'no dimensions'],
    [{ timespan: '1970-01-01T00:00:00Z/2026-01-31T00:00:00Z' }, 'Choose a longer interval'],
  ])('%o is refused with what would be right', (query, words) => {
    let refusal: unknown;
    try {
      parse(query as Record<string, string>);
    } catch (failure) {
      refusal = failure;
    }
    expect(refusal).toBeInstanceOf(ArmError);
    expect(refusal).toMatchObject({ code: 'BadRequest', status: 400, message: expect.stringContaining(words) });
  });

  it('may look at years, by the day', () => {
    expect(parse({ timespan: '2020-01-01T00:00:00Z/2026-01-01T00:00:00Z', interval: 'P1D' }).steps).toBe(2192);
  });
});
