import type { ServerKey } from '@/lib/arm/resource-id';
import { listBackupVerifications } from '@/lib/azure/backups';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) =>
  listBackupVerifications(arm, params),
);
