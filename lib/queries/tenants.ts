import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export interface Tenant {
  tenantId: string;
  displayName?: string | null;
  defaultDomain?: string | null;
}

/** Tenants that the person belongs to. */
export function tenantsQuery() {
  return { ...readQuery<Tenant[]>(apiPaths.tenants()), staleTime: 5 * 60_000 };
}
