import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import type { FailoverRehearsal, RehearsalKind } from '../arm/local/failover-rehearsal.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { ChangeDescription } from './change-description.ts';
import { toCsv } from './csv.ts';

/** Failover rehearsals in words: what can be rehearsed, what came out, how two compare. */

export const REHEARSALS: readonly { id: RehearsalKind; label: string; description: string }[] = [
  {
    id: 'Planned',
    label: 'Planned failover',
    description: 'What is under way is answered first. As for maintenance, or a failover of your own.',
  },
  {
    id: 'Forced',
    label: 'Forced failover',
    description: 'The primary is ended without waiting for it, and the standby takes over.',
  },
  {
    id: 'KillPrimary',
    label: 'Primary’s process killed',
    description: 'kill -9: the server must notice it, and fail over by itself.',
  },
  {
    id: 'FreezePrimary',
    label: 'Primary’s process frozen',
    description: 'It lives and answers nobody: the hardest to notice, so the longest gap.',
  },
];

export function rehearsalLabel(kind: RehearsalKind): string {
  return REHEARSALS.find(({ id }) => id === kind)?.label ?? kind;
}

/** `KillPrimary-20261122-231500`: the time in UTC. */
export function rehearsalName(kind: RehearsalKind, at: Date): string {
  const [day, time] = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T') as [string, string];
  return `${kind}-${day}-${time}`;
}

export function describeRehearsal(
  key: ServerKey,
  { name, kind, writers }: { name: string; kind: RehearsalKind; writers: number },
): ChangeDescription {
  const resourceId = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/failoverRehearsals/${name}`;
  const body = { properties: { kind, writers } };
  return {
    resourceId,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'PUT',
    body,
    azCommand: [
      'az rest --method put \\',
      `  --url '${resourceId}?api-version=${FLEXDECK_LOCAL_VERSION}' \\`,
      `  --body '${JSON.stringify(body)}'`,
    ].join('\n'),
    changes: [{ label: 'Failover', from: null, to: rehearsalLabel(kind) }],
    restarts: 'This is a real failover: every session of the server’s clients ends, as in the real case.',
  };
}

/** `142 ms`, `2.31 s` */
export function formatGap(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

export interface Finding {
  label: string;
  value: (rehearsal: FailoverRehearsal) => string;
}

/** What a report says, in the order of a table of two. */
export const FINDINGS: readonly Finding[] = [
  { label: 'Failover', value: ({ properties }) => rehearsalLabel(properties.kind) },
  { label: 'Acknowledged writes', value: ofReport(({ acknowledgedWrites }) => count(acknowledgedWrites)) },
  { label: 'Acknowledged and lost', value: ofReport(({ acknowledgedAndLost }) => count(acknowledgedAndLost)) },
  { label: 'Compared on', value: ofReport(({ comparedOn }) => comparedOn.join(' and ')) },
  { label: 'Longest gap in writes', value: ofReport((report) => formatGap(report.longestGapMilliseconds)) },
  { label: 'Longest gap before', value: ofReport((report) => formatGap(report.usualGapMilliseconds)) },
  { label: 'Refused connections', value: ofReport(({ refusedConnections }) => count(refusedConnections)) },
  { label: 'Lost sessions', value: ofReport(({ lostConnections }) => count(lostConnections)) },
  { label: 'Writers', value: ({ properties }) => String(properties.writers) },
  { label: 'Primary', value: ofReport((report) => zones(report.zonesBefore.primary, report.zonesAfter.primary)) },
  { label: 'MySQL', value: ofReport(({ mysqlVersion }) => mysqlVersion) },
];

type Report = NonNullable<FailoverRehearsal['properties']['report']>;

function ofReport(words: (report: Report) => string): Finding['value'] {
  return ({ properties: { report } }) => (report ? words(report) : 'no report');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function zones(before: string, after: string): string {
  return before === after ? `zone ${after}` : `zone ${before} → zone ${after}`;
}

/** Its samples as a table: one row per stretch of time, which begins so many milliseconds after the first write. */
export function rehearsalCsv({ properties: { samples } }: FailoverRehearsal): string {
  const { bucketMilliseconds = 0, acknowledged = [], refused = [], lost = [] } = samples ?? {};
  return toCsv(
    ['milliseconds', 'acknowledged_writes', 'refused_connections', 'lost_sessions'],
    acknowledged.map((writes, index) => [index * bucketMilliseconds, writes, refused[index] ?? 0, lost[index] ?? 0]),
  );
}
