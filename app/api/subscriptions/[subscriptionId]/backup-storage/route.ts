import { listBackupStorage } from '@/lib/azure/backups';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listBackupStorage(arm, params.subscriptionId),
);
