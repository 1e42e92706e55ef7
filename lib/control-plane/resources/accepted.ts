import { MYSQL_API_VERSION, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import { OPERATIONS } from '../operations/definitions.ts';
import type { OperationRow } from '../store/operations.ts';
import type { ArmRequest, ArmResponse } from './route.ts';

/** Seconds between two looks at an operation; without it clients wait for 30. */
export const RETRY_AFTER = '1';

/** Where an operation of the provider is watched (`azureAsyncOperation`) and what it left (`operationResults`). */
export function operationUrl(
  request: ArmRequest,
  operation: OperationRow,
  kind: 'azureAsyncOperation' | 'operationResults',
): string {
  const { subscriptionId, location, id } = operation;
  // Operations of other providers are watched there, too: by its own versions.
  const version = MYSQL_API_VERSIONS.find((known) => known === request.apiVersion) ?? MYSQL_API_VERSION;
  return `${request.origin}/subscriptions/${subscriptionId}/providers/${MYSQL_NAMESPACE}/locations/${location}/${kind}/${id}?api-version=${version}`;
}

/** The answer to every change that takes its time, exactly as recorded from Azure, with a `Retry-After` besides. */
export function accepted(request: ArmRequest, operation: OperationRow): ArmResponse {
  return {
    status: 202,
    headers: {
      'Azure-AsyncOperation': operationUrl(request, operation, 'azureAsyncOperation'),
      Location: operationUrl(request, operation, 'operationResults'),
      'Retry-After': RETRY_AFTER,
    },
    body: {
      operation: OPERATIONS[operation.kind as keyof typeof OPERATIONS].armName,
      startTime: new Date(operation.startedAt).toISOString(),
    },
  };
}
