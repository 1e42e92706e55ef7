import type { BeginAction } from '@/components/servers/use-server-change';
import type { ServerKey } from '@/lib/arm/resource-id';

/** The server actions of the grid's commands. */
export interface BulkActions {
  start: BeginAction<[ServerKey]>;
  stop: BeginAction<[ServerKey]>;
  restart: BeginAction<[ServerKey]>;
  remove: BeginAction<[ServerKey]>;
  tag: BeginAction<[ServerKey, tags: Record<string, string>]>;
}
