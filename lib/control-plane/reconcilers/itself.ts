import type { Caller } from '../store/operations.ts';

/** The activity log names the control plane itself as who did it. */
export function itself(tenantId: string, correlationId: string): Caller {
  return {
    objectId: '00000000-0000-0000-0000-000000000000',
    name: 'Flexdeck control plane',
    kind: 'ServicePrincipal',
    clientAddress: '127.0.0.1',
    method: 'POST',
    url: '',
    tenantId,
    correlationId,
  };
}
