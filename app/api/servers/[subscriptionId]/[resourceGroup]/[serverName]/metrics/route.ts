import { ArmError } from '@/lib/arm/error';
import { AGGREGATIONS } from '@/lib/arm/insights/aggregations';
import type { ServerKey } from '@/lib/arm/resource-id';
import { readMetrics } from '@/lib/azure/metrics';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) => {
  const aggregation = AGGREGATIONS.find((each) => each === query.get('aggregation'));
  if (!aggregation) throw refusal('aggregation', `Ask for one of ${AGGREGATIONS.join(', ')}.`);
  return readMetrics(arm, params, {
    metrics: (query.get('metrics') ?? '').split(',').filter(Boolean),
    aggregation,
    withRange: aggregation === 'Average' && query.get('range') === 'true',
    interval: query.get('interval') ?? 'PT1M',
    from: readTime(query, 'from'),
    to: readTime(query, 'to'),
  });
});

function readTime(query: URLSearchParams, name: string): Date {
  const time = new Date(Number(query.get(name) ?? Number.NaN));
  if (Number.isNaN(time.getTime())) throw refusal(name, `"${name}" must be milliseconds since 1970.`);
  return time;
}

function refusal(target: string, message: string): ArmError {
  return new ArmError('InvalidTimeRange', 400, message, { target });
}
