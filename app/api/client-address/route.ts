import { clientAddressOf } from '@/lib/rules/client-address';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute(async ({ request }) => ({ address: clientAddressOf(request.headers) }));
