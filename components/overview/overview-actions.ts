import type { BeginAction } from '@/components/servers/use-server-change';
import type { ServerKey } from '@/lib/arm/resource-id';

/** The server actions of the Overview page. */
export interface OverviewActions {
  start: BeginAction<[ServerKey]>;
  stop: BeginAction<[ServerKey]>;
  restart: BeginAction<[ServerKey]>;
  remove: BeginAction<[ServerKey]>;
  resetPassword: BeginAction<[ServerKey, password: string]>;
}
