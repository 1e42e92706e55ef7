import { ArmError } from '../arm/error.ts';
import { parseResourceId } from '../arm/resource-id.ts';
import { Permission } from '../arm/resources/resource-group.ts';
import type { ArmClient } from './client.ts';

/**
 * What the person may do at a scope (subscription, resource group or resource id).
 *
 * @throws {ArmError}
 */
export function listPermissions(arm: ArmClient, scope: string): Promise<Permission[]> {
  if (!parseResourceId(scope))
    throw new ArmError('InvalidScope', 400, `"${scope}" is not the id of a resource, group or subscription.`);
  const path = `/${scope.split('/').filter(Boolean).map(encodeURIComponent).join('/')}`;
  return arm.list(`${path}/providers/Microsoft.Authorization/permissions`, '2022-04-01', Permission);
}
