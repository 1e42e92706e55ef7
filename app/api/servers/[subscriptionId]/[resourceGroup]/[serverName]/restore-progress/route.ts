import type { ServerKey } from '@/lib/arm/resource-id';
import { readRestoreProgress } from '@/lib/azure/backups';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => readRestoreProgress(arm, params));
