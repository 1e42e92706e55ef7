import type { FleetServer } from './fleet.ts';
import { actionProblem, type ServerAction } from './server-actions.ts';

/** What can be done to many servers at once. */
export const BULK_ACTIONS = ['start', 'stop', 'restart', 'tag', 'delete'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export const BULK_WORDS: Record<BulkAction, { verb: string; doing: string; done: string }> = {
  start: { verb: 'Start', doing: 'Starting', done: 'Started' },
  stop: { verb: 'Stop', doing: 'Stopping', done: 'Stopped' },
  restart: { verb: 'Restart', doing: 'Restarting', done: 'Restarted' },
  tag: { verb: 'Tag', doing: 'Tagging', done: 'Tagged' },
  delete: { verb: 'Delete', doing: 'Deleting', done: 'Deleted' },
};

const RULES: Record<BulkAction, ServerAction> = {
  start: 'start',
  stop: 'stop',
  restart: 'restart',
  tag: 'update',
  delete: 'delete',
};

/** Why an action is not sent to a server; undefined when its state allows it. */
export function leftOutReason(action: BulkAction, server: Pick<FleetServer, 'state'>): string | undefined {
  return actionProblem(RULES[action], server.state);
}
