import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { IndexAdviceList, StatementDetail, StatementPlan, TopStatements } from '../arm/local/query-insights.ts';
import { Sessions } from '../arm/local/session.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient } from './client.ts';
import { serverPath } from './servers.ts';

function local(key: ServerKey, path: string, query?: URLSearchParams): string {
  return `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/${path}${query?.size ? `?${query}` : ''}`;
}

/** @param query as the control plane takes it: `from`, `to`, `orderBy`, `top`. @throws {ArmError} */
export function readTopStatements(arm: ArmClient, key: ServerKey, query: URLSearchParams): Promise<TopStatements> {
  return arm.get(local(key, 'queryStatements', query), FLEXDECK_LOCAL_VERSION, TopStatements);
}

/** @throws {ArmError} */
export function readStatement(
  arm: ArmClient,
  key: ServerKey,
  id: string,
  query: URLSearchParams,
): Promise<StatementDetail> {
  const path = local(key, `queryStatements/${encodeURIComponent(id)}`, query);
  return arm.get(path, FLEXDECK_LOCAL_VERSION, StatementDetail);
}

/** @throws {ArmError} */
export function explain(arm: ArmClient, key: ServerKey, id: string): Promise<StatementPlan> {
  const path = local(key, `queryStatements/${encodeURIComponent(id)}/explain`);
  return arm.post(path, FLEXDECK_LOCAL_VERSION, {}, StatementPlan);
}

/** @throws {ArmError} */
export function readIndexAdvice(arm: ArmClient, key: ServerKey, query: URLSearchParams): Promise<IndexAdviceList> {
  return arm.get(local(key, 'indexAdvice', query), FLEXDECK_LOCAL_VERSION, IndexAdviceList);
}

/** @throws {ArmError} */
export function readSessions(arm: ArmClient, key: ServerKey): Promise<Sessions> {
  return arm.get(local(key, 'sessions'), FLEXDECK_LOCAL_VERSION, Sessions);
}

/** @throws {ArmError} */
export async function endSession(
  arm: ArmClient,
  key: ServerKey,
  connectionId: number,
  kind: 'connection' | 'query',
): Promise<void> {
  const url = arm.url(local(key, `sessions/${connectionId}/kill`), FLEXDECK_LOCAL_VERSION);
  await arm.send('POST', url, { kind });
}
