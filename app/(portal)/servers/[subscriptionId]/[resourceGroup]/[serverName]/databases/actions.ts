'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginDeleteDatabase, beginPutDatabase } from '@/lib/azure/databases';

export async function createDatabase(
  token: string,
  key: ServerKey,
  database: { name: string; charset: string; collation: string },
) {
  return armAction(token, (arm) => beginPutDatabase(arm, key, database));
}

export async function deleteDatabase(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => beginDeleteDatabase(arm, key, name));
}
