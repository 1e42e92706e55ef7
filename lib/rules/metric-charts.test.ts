import { expect, it } from 'vitest';
import type { MetricData } from '../arm/insights/metrics.ts';
import { mergeServers, readCharts, serverJoinProblem, writeCharts, type ChartChoice } from './metric-charts.ts';

const KEY = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  resourceGroup: 'shop-(eu)',
  serverName: 'orders-2',
};

it('a chart comes back from the address, with its servers', () => {
  const charts: ChartChoice[] = [
    { metrics: ['cpu_percent'], aggregation: 'Average', servers: [KEY] },
    { metrics: ['Queries', 'Slow_queries'], aggregation: 'Total' },
  ];
  expect(readCharts(writeCharts(charts))).toEqual(charts);
});

it('what makes no sense in an address is left out', () => {
  const id = `${KEY.subscriptionId}/g/`;
  expect(readCharts(`a~Average~../x,${id}abc,${id}abc,${id}<b>`)).toEqual([
    { metrics: ['a'], aggregation: 'Average', servers: [{ ...KEY, resourceGroup: 'g', serverName: 'abc' }] },
  ]);
  // Four lines at most, whoever wrote it.
  expect(readCharts(`a,b,c~Average~${id}abc`)[0]!.servers).toBeUndefined();
  expect(readCharts(`a~Average~${id}one,${id}two,${id}three,${id}four`)[0]!.servers).toHaveLength(3);
  expect(serverJoinProblem(1, 2)).toBeUndefined();
  expect(serverJoinProblem(1, 3)).toBeDefined();
  expect(serverJoinProblem(2, 1)).toBeDefined();
});

it('servers on one chart have their own gaps', () => {
  const part = (times: number[], values: number[]): MetricData => ({
    times,
    interval: 'PT1M',
    series: [
      { name: 'cpu_percent', displayName: 'CPU', unit: 'Percent', values, range: { minimum: values, maximum: values } },
    ],
  });
  const merged = mergeServers([
    { serverName: 'one', data: part([60, 120], [1, 2]) },
    { serverName: 'two', data: part([120, 180], [3, 4]) },
  ])!;
  expect(merged.times).toEqual([60, 120, 180]);
  expect(merged.series.map(({ displayName, values, range }) => [displayName, values, range?.minimum])).toEqual([
    ['one', [1, 2, null], [1, 2, null]],
    ['two', [null, 3, 4], [null, 3, 4]],
  ]);
});
