import { expect, it } from 'vitest';
import { openMetricsText } from './open-metrics.ts';

it('says the newest minute as OpenMetrics 1.0', () => {
  const server = { name: 'orders', resourceGroup: 'a"b\\c', subscriptionId: 's', minute: Date.UTC(2026, 0, 31, 12) };
  const samples = new Map([
    ['Queries', { minimum: 12, maximum: 12, value: 12 }],
    ['cpu_percent', { minimum: 1, maximum: 3, value: 2.5 }],
  ]);
  const at = Date.UTC(2026, 0, 31, 12, 1) / 1000;
  const labels = String.raw`{server="orders",resource_group="a\"b\\c",subscription_id="s"}`;
  expect(openMetricsText([{ ...server, samples }])).toBe(
    [
      '# TYPE flexdeck_mysql_cpu_percent gauge',
      '# HELP flexdeck_mysql_cpu_percent Processor time of mysqld, of what the size has.',
      `flexdeck_mysql_cpu_percent${labels} 2.5 ${at}`,
      '# TYPE flexdeck_mysql_queries gauge',
      '# HELP flexdeck_mysql_queries Statements, those within stored programs too, in one minute.',
      `flexdeck_mysql_queries${labels} 12 ${at}`,
      '# EOF',
      '',
    ].join('\n'),
  );
  expect(openMetricsText([])).toBe('# EOF\n');
});
