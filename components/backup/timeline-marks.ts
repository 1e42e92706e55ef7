import type { BackupEvent } from '@/lib/arm/local/backup';
import type { ServerBackups } from '@/lib/arm/mysql/server-backups';
import { momentTime } from '@/lib/rules/moments';

/** What the axis shows, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** Nothing on the axis is narrower: a server that is a minute old has one too. */
const SHORTEST_MS = 10_000;

/** From the earliest to the newest restorable moment; undefined when there is none. */
export function spanOfBackups({ earliestRestorePoint, newestRestorePoint }: ServerBackups): Span | undefined {
  if (earliestRestorePoint === null || newestRestorePoint === null) return undefined;
  const [from, to] = [momentTime(earliestRestorePoint), momentTime(newestRestorePoint)];
  return { from: Math.min(from, to - SHORTEST_MS), to };
}

/** A stretch of that length around a moment, or at the end, within the whole. */
export function zoomedSpan(whole: Span, lengthMs: number | undefined, around: number | undefined): Span {
  if (lengthMs === undefined || lengthMs >= whole.to - whole.from) return whole;
  const middle = around ?? whole.to - lengthMs / 2;
  const from = Math.max(whole.from, Math.min(middle - lengthMs / 2, whole.to - lengthMs));
  return { from, to: from + lengthMs };
}

/** Where a moment stands, 0 to 1; outside for what is not shown. */
export function placeOf({ from, to }: Span, time: number): number {
  return (time - from) / (to - from);
}

/**
 * The events that have room for words: dangerous ones first, of those the newest. @param room share of the width that a
 * label takes.
 */
export function labelledEvents(events: readonly BackupEvent[], span: Span, room: number): BackupEvent[] {
  const shown = events.filter(({ at }) => isWithin(span, momentTime(at)));
  const byWeight = shown.toSorted((a, b) => weight(b) - weight(a) || momentTime(b.at) - momentTime(a.at));
  const chosen: BackupEvent[] = [];
  for (const event of byWeight) {
    const place = placeOf(span, momentTime(event.at));
    if (weight(event) === 0) continue;
    if (chosen.every((other) => Math.abs(placeOf(span, momentTime(other.at)) - place) >= room)) chosen.push(event);
  }
  return chosen;
}

function weight({ severity, kind }: BackupEvent): number {
  return severity === 'Danger' ? 2 : kind === 'Failover' || kind === 'Restored' ? 1 : 0;
}

export function isWithin({ from, to }: Span, time: number): boolean {
  return time >= from && time <= to;
}
