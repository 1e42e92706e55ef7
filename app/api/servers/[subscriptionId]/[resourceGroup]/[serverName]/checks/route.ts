import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { readCheckFacts } from '@/lib/azure/server-checks';
import { checkServer } from '@/lib/rules/server-checks';

export const GET = readRoute<ServerKey & Record<string, string>>(async ({ arm, params }) => {
  const now = new Date();
  return checkServer(await readCheckFacts(arm, params, now), now.getTime());
});
