import * as z from 'zod';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';

/**
 * What is still to be done for a new server once it is there. It is kept in the browser's storage, for the person who
 * began it: were it in the address, a link of somebody else's could open a server's firewall. No secret is in it.
 */
const PendingDeployment = z.object({
  resourceId: z.string(),
  operationUrl: z.string().nullable(),
  startedAt: z.iso.datetime(),
  rules: z.array(z.object({ name: z.string(), startIpAddress: z.string(), endIpAddress: z.string() })),
});
export type PendingDeployment = z.infer<typeof PendingDeployment>;

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
  return stored.flatMap((entry) => {
    const parsed = PendingDeployment.safeParse(entry);
    const fresh = parsed.success && now.getTime() - Date.parse(parsed.data.startedAt) < KEPT_MILLISECONDS;
    return fresh ? [parsed.data] : [];
  });
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
