import * as z from 'zod';
import type { ArmClient } from './client.ts';

const Tenant = z.looseObject({
  tenantId: z.string(),
  displayName: z.string().nullish(),
  defaultDomain: z.string().nullish(),
});
export type Tenant = z.infer<typeof Tenant>;

/** Tenants that the person belongs to. */
export function listTenants(arm: ArmClient): Promise<Tenant[]> {
  return arm.list('/tenants', '2022-12-01', Tenant);
}
