import { operationStatus } from '@/lib/azure/operations';
import { readRoute } from '@/lib/azure/read-route';
import { readPortalConfig } from '@/lib/config';

export const GET = readRoute(({ arm, query }) =>
  operationStatus(arm, readPortalConfig().resourceManagerEndpoint, query.get('url') ?? ''),
);
