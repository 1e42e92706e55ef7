import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';

/**
 * What is still to be done for a new server once it is there. It is kept in the browser's storage, for the person who
 * began it: were it in the address, a link of somebody else's could open a server's firewall. No secret is in it.
 */
export interface PendingDeployment {
  resourceId: string;
  operationUrl: string | null;
  /** ISO 8601. */
  startedAt: string;
  rules: NamedAddressRange[];
}

const KEPT_MILLISECONDS = 24 * 3_600_000;

export function deploymentStorageKey(account: string): string {
  return `flexdeck.deployments.${account}`;
}

/** Reads what the storage holds; what has an unknown shape or is older than a day is left out. */
export function parseDeployments(text: string | null, now: Date): PendingDeployment[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.filter(isPendingDeployment).filter(({ startedAt }) => {
    const age = now.getTime() - Date.parse(startedAt);
    return age < KEPT_MILLISECONDS;
  });
}

function isPendingDeployment(stored: unknown): stored is PendingDeployment {
  const { resourceId, operationUrl, startedAt, rules } = (stored ?? {}) as Record<string, unknown>;
  return (
    typeof resourceId === 'string' &&
    (operationUrl === null || typeof operationUrl === 'string') &&
    typeof startedAt === 'string' &&
    Array.isArray(rules) &&
    rules.every((rule: Record<string, unknown> | null) =>
      ['name', 'startIpAddress', 'endIpAddress'].every((field) => typeof rule?.[field] === 'string'),
    )
  );
}

export function findDeployment(deployments: PendingDeployment[], key: ServerKey): PendingDeployment | undefined {
  const id = serverId(key).toLowerCase();
  return deployments.find(({ resourceId }) => resourceId.toLowerCase() === id);
}

/** The newest of a server takes the place of an older one of the same name. */
export function withDeployment(deployments: PendingDeployment[], added: PendingDeployment): PendingDeployment[] {
  return [added, ...withoutDeployment(deployments, added.resourceId)];
}

export function withoutDeployment(deployments: PendingDeployment[], resourceId: string): PendingDeployment[] {
  return deployments.filter((one) => one.resourceId.toLowerCase() !== resourceId.toLowerCase());
}
