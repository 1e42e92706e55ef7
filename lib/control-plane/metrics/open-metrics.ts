import type { MinuteSample } from '../store/sample-hour.ts';
import { OFFERED_METRICS } from './catalog.ts';

export interface MeasuredServer {
  name: string;
  resourceGroup: string;
  subscriptionId: string;
  /** Its newest minute's beginning. */
  minute: number;
  samples: ReadonlyMap<string, MinuteSample>;
}

const MINUTE = 60_000;

/**
 * The newest minute of servers as OpenMetrics 1.0. All are gauges, what Azure counts by the minute too: how much a
 * counter rose in that minute. The time stamp is the minute's end.
 */
export function openMetricsText(servers: readonly MeasuredServer[]): string {
  const families = OFFERED_METRICS.flatMap(({ name, description, kind }) => {
    const family = `flexdeck_mysql_${name.toLowerCase()}`;
    const lines = servers.flatMap(({ samples, minute, ...server }) => {
      const sample = samples.get(name);
      if (!sample) return [];
      return `${family}{${labels(server)}} ${sample.value} ${(minute + MINUTE) / 1000}`;
    });
    const help = kind === 'counter' ? `${description.replace(/\.$/, '')}, in one minute.` : description;
    return lines.length === 0 ? [] : [`# TYPE ${family} gauge`, `# HELP ${family} ${help}`, ...lines];
  });
  return [...families, '# EOF', ''].join('\n');
}

function labels({ name, resourceGroup, subscriptionId }: Omit<MeasuredServer, 'minute' | 'samples'>): string {
  return Object.entries({ server: name, resource_group: resourceGroup, subscription_id: subscriptionId })
    .map(([label, value]) => `${label}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
