import type { Caller } from '../store/operations.ts';

/** ARM's `systemData`: who made a resource and who changed it last. */
export function systemDataFor(caller: Caller, at: number, before?: Record<string, unknown>): Record<string, unknown> {
  const when = new Date(at).toISOString();
  const type = caller.kind === 'User' ? 'User' : 'Application';
  return {
    ...(before ?? { createdAt: when, createdBy: caller.name, createdByType: type }),
    lastModifiedAt: when,
    lastModifiedBy: caller.name,
    lastModifiedByType: type,
  };
}
