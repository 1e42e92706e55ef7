import { leftOutReason, type BulkAction } from './bulk-actions.ts';
import type { ChangeDescription } from './change-description.ts';
import type { FleetServer } from './fleet.ts';
import { describeDelete, describeRestart, describeStart, describeStop, describeTags } from './server-changes.ts';
import { changeTags, MAX_TAGS, type TagField } from './tags.ts';

export interface TagChange {
  set: readonly TagField[];
  remove: readonly string[];
}

/** One server of a plan: what is sent, or why it is left out. */
export type BulkStep =
  | { server: FleetServer; change: ChangeDescription; tags?: Record<string, string>; leftOut?: undefined }
  | { server: FleetServer; leftOut: string };

/** Which servers an action is sent to; those that it does not suit are left out, with the reason. */
export function planBulk(action: BulkAction, servers: readonly FleetServer[], tagChange?: TagChange): BulkStep[] {
  return servers.map((server): BulkStep => {
    const leftOut = leftOutReason(action, server);
    if (leftOut) return { server, leftOut };
    if (action !== 'tag') return { server, change: DESCRIBE[action](server.key) };
    const tags = changeTags(server.tags, tagChange?.set ?? [], tagChange?.remove ?? []);
    if (Object.keys(tags).length > MAX_TAGS) return { server, leftOut: `It would have more than ${MAX_TAGS} tags.` };
    const change = describeTags(server.key, server.tags, tags);
    return change.changes.length === 0 ? { server, leftOut: 'Its tags are as wanted.' } : { server, change, tags };
  });
}

const DESCRIBE = { start: describeStart, stop: describeStop, restart: describeRestart, delete: describeDelete };

/** All requests of a plan as one change, for the review; undefined when nothing is sent. */
export function describeBulk(steps: readonly BulkStep[]): ChangeDescription | undefined {
  const changes = steps.flatMap((step) => (step.leftOut === undefined ? [step.change] : []));
  const [first, ...further] = changes;
  return first && { ...first, changes: [], further };
}
