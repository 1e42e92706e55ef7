import type { ServerKey } from '@/lib/arm/resource-id';
import type { ActionFailure } from '@/lib/queries/action';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import type { CreateServerForm } from '@/lib/rules/create-server-form';

type Result<Value> = { ok: true; value: Value } | { ok: false; error: ActionFailure };

/** A write that ARM took, as the actions answer it. */
export interface BegunWrite {
  /** What to poll; null when it is done already. */
  operationUrl: string | null;
  resourceId: string;
  retryAfterSeconds: number;
}

/** The server actions of `app/servers/create/actions.ts`; the pages hand them down. */
export interface CreateActions {
  createServer(token: string, form: CreateServerForm): Promise<Result<BegunWrite>>;
  createGroup(
    token: string,
    group: { subscriptionId: string; name: string; location: string },
  ): Promise<Result<{ name: string }>>;
}

export interface DeploymentActions {
  putFirewallRule(token: string, key: ServerKey, rule: NamedAddressRange): Promise<Result<BegunWrite>>;
}
