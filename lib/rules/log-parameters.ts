import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { ChangeDescription } from './change-description.ts';

export interface LogSwitch {
  name: string;
  label: string;
  description: string;
  kind: 'switch' | 'number';
  unit?: string;
  max?: number;
  step?: number;
  /** Elsewhere what it logs is not among the server logs. */
  localOnly?: true;
}

/** What the Server logs blade sets, in its order. */
export const LOG_SWITCHES: readonly LogSwitch[] = [
  {
    name: 'slow_query_log',
    label: 'Log slow queries',
    description: 'Statements that take longer than the threshold, as they were run: with the values in them.',
    kind: 'switch',
  },
  {
    name: 'long_query_time',
    label: 'Threshold',
    description: 'Slower statements are logged. 0 logs all of them. Sessions take a new threshold when they connect.',
    kind: 'number',
    unit: 's',
    max: 31_536_000,
    step: 0.1,
  },
  {
    name: 'log_queries_not_using_indexes',
    label: 'Log queries without an index',
    description: 'However fast they are.',
    kind: 'switch',
  },
  {
    name: 'log_throttle_queries_not_using_indexes',
    label: 'Of these, at most',
    description: 'How many queries without an index are logged. 0 logs all of them.',
    kind: 'number',
    unit: '/min',
    max: 4_294_967_295,
    step: 1,
  },
  {
    name: 'log_slow_extra',
    label: 'Write more about each',
    description: 'Bytes sent, temporary tables, sorts and more.',
    kind: 'switch',
  },
  {
    name: 'error_server_log_file',
    label: 'Show the error log',
    description: 'Starts, stops, warnings and errors of MySQL itself.',
    kind: 'switch',
  },
  {
    name: 'audit_log_enabled',
    label: 'Log connections',
    description: 'Who connected from where, for how long, and who was refused.',
    kind: 'switch',
    localOnly: true,
  },
];

/** Parameters whose value is another, and can be sent. */
export function changedLogParameters(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string> {
  const same = (one: string | undefined, other: string) =>
    one === other || (one !== '' && Number(one) === Number(other));
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(before[name], value)));
}

/** Undefined when nothing changes. */
export function describeLogParameters(
  key: ServerKey,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): ChangeDescription | undefined {
  const changed = Object.entries(changedLogParameters(before, after));
  if (changed.length === 0) return undefined;
  const values = changed.map(([name, value]) => `${name}=${value}`).join(' ');
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'POST',
    action: 'updateConfigurations',
    body: {
      value: changed.map(([name, value]) => ({ name, properties: { value, source: 'user-override' } })),
      resetAllToDefault: 'False',
    },
    azCommand: [
      'az mysql flexible-server parameter set-batch \\',
      `  --subscription ${key.subscriptionId} \\`,
      `  --resource-group '${key.resourceGroup}' \\`,
      `  --server-name ${key.serverName} \\`,
      `  --args ${values}`,
    ].join('\n'),
    changes: changed.map(([name, value]) => ({ label: name, from: before[name] ?? null, to: value })),
  };
}
