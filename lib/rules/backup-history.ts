import type { ServerBackups } from '../arm/mysql/server-backups.ts';
import { compareMoments } from './moments.ts';

/** Why a server can't be restored to that moment, as far as the timeline tells; undefined when it can. */
export function restorePointProblem(
  moment: string,
  { earliestRestorePoint, newestRestorePoint, gaps }: ServerBackups,
): string | undefined {
  if (earliestRestorePoint === null || newestRestorePoint === null) return 'There is no backup of this server yet.';
  if (compareMoments(moment, earliestRestorePoint) < 0) return 'That is before the earliest restorable moment.';
  if (compareMoments(moment, newestRestorePoint) > 0) return 'That is after the newest restorable moment.';
  const gap = gaps.find(({ from, to }) => compareMoments(moment, from) > 0 && compareMoments(moment, to) < 0);
  return gap && `The log has a gap there: ${gap.reason}`;
}

/** What the service itself does in a server: its rehearsals, its accounts, MySQL's own schemas. */
const OWN_DATABASE = /^(flexdeck_.*|mysql|sys)$/;
const OWN_STATEMENT = /\bflexdeck_/;

/**
 * Events that a server can be restored to just before. Those of its own making come before its first backup; what the
 * service did itself is nobody's mistake.
 */
export function restorableEvents({ events, earliestRestorePoint }: ServerBackups): ServerBackups['events'] {
  if (earliestRestorePoint === null) return [];
  return events.filter(
    ({ restorePointBefore, database, statement }) =>
      compareMoments(restorePointBefore, earliestRestorePoint) >= 0 &&
      !OWN_DATABASE.test(database ?? '') &&
      !(database === null && OWN_STATEMENT.test(statement ?? '')),
  );
}
