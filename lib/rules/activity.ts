import type { ActivityEvent } from '../arm/insights/activity-log.ts';

/** One thing that was done: the log's events of it (Accepted, Started, Succeeded …) taken together. */
export interface Activity {
  id: string;
  /** The newest event's time. */
  at: string;
  /** `Microsoft.DBforMySQL/flexibleServers/stop/action` */
  operation: string;
  /** What the service calls it, for people. */
  title: string;
  resourceId: string;
  caller: string;
  status: string;
  /** ARM's message, when it failed. */
  error?: string;
  /** What came of it, in the service's words, where it says more than that it is done. */
  story?: string;
  correlationId: string;
  /** All its events, newest first. */
  events: ActivityEvent[];
}

/** Takes the events of each operation together. @param events newest first, as ARM answers them. */
export function groupActivity(events: readonly ActivityEvent[]): Activity[] {
  const groups = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    const key = [
      event.operationId ?? event.correlationId ?? event.eventDataId,
      event.resourceId,
      event.operationName?.value,
    ]
      .join('|')
      .toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups].map(([id, group]) => activityOf(id, group));
}

const RANK: Record<string, number> = { Succeeded: 3, Failed: 3, Canceled: 3, Started: 1, Accepted: 1 };

function activityOf(id: string, events: ActivityEvent[]): Activity {
  // Events of the same millisecond come in any order: an end counts more than a beginning.
  const sorted = events.toSorted(
    (a, b) =>
      b.eventTimestamp.localeCompare(a.eventTimestamp) ||
      (RANK[b.status?.value ?? ''] ?? 2) - (RANK[a.status?.value ?? ''] ?? 2),
  );
  const newest = sorted[0]!;
  const operation = newest.operationName?.value ?? '';
  return {
    id,
    at: newest.eventTimestamp,
    operation,
    title: newest.operationName?.localizedValue || operation,
    resourceId: newest.resourceId ?? '',
    caller: newest.caller ?? 'the service',
    status: newest.status?.value ?? '',
    error: failureMessage(newest),
    story: newest.status?.value === 'Failed' ? undefined : newest.description || undefined,
    correlationId: newest.correlationId ?? '',
    events: sorted,
  };
}

/** ARM puts a failure into `properties.statusMessage`, as an error envelope in a string. */
function failureMessage(event: ActivityEvent): string | undefined {
  if (event.status?.value !== 'Failed') return undefined;
  const message = event.properties?.['statusMessage'];
  if (typeof message !== 'string') return event.description ?? undefined;
  try {
    const parsed = JSON.parse(message) as { error?: { message?: string }; message?: string };
    return parsed.error?.message ?? parsed.message ?? message;
  } catch {
    return message;
  }
}

const OBJECT_ID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** Who did it, for lists: people have names there, programs only the object id of their service principal. */
export function callerWords(caller: string): string {
  return OBJECT_ID.test(caller) ? `service principal ${caller.slice(0, 8)}` : caller;
}
