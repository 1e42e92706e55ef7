import type { StatementPlan } from '@/lib/arm/local/query-insights';
import type { ServerKey } from '@/lib/arm/resource-id';
import type { ActionFailure } from '@/lib/queries/action';

type Action<Arguments extends unknown[], Value> = (
  token: string,
  ...args: Arguments
) => Promise<{ ok: true; value: Value } | { ok: false; error: ActionFailure }>;

/** The server actions of the Query insights page. */
export interface QueryInsightsActions {
  explain: Action<[ServerKey, statementId: string], StatementPlan>;
  kill: Action<[ServerKey, connectionId: number, kind: 'connection' | 'query'], void>;
}
