import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** The person's own address as the portal sees it; null when it is not IPv4. */
export function clientAddressQuery() {
  return readQuery<{ address: string | null }>(apiPaths.clientAddress());
}
