'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { endSession, explain } from '@/lib/azure/query-insights';

export async function explainStatement(token: string, key: ServerKey, statementId: string) {
  return armAction(token, (arm) => explain(arm, key, statementId));
}

export async function killSession(token: string, key: ServerKey, connectionId: number, kind: 'connection' | 'query') {
  return armAction(token, (arm) => endSession(arm, key, connectionId, kind));
}
