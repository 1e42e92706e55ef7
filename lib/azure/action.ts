import { headers } from 'next/headers';
import type { ErrorDetail } from '../arm/error.ts';
import { credentialOf, requireOwnOrigin } from '../auth/credential.ts';
import { readPortalConfig } from '../config.ts';
import { ArmClient } from './client.ts';
import { asArmError } from './read-route.ts';

/** An error as plain data, which is what an action may return. */
export interface ActionError extends ErrorDetail {
  status: number;
  requestId?: string;
}

/** An expected failure is a value: forms put it beside the field that `target` names. */
export type ActionResult<Value> = { ok: true; value: Value } | { ok: false; error: ActionError };

/**
 * The frame of every server action: checks where the call came from and the token (actions take no headers, so it is an
 * argument), then writes to ARM as that person.
 */
export async function armAction<Value>(
  token: string,
  write: (arm: ArmClient) => Promise<Value>,
): Promise<ActionResult<Value>> {
  try {
    requireOwnOrigin(await headers());
    return { ok: true, value: await write(new ArmClient(readPortalConfig(), credentialOf(token))) };
  } catch (failure) {
    const error = asArmError(failure);
    return { ok: false, error: { ...error.toDetail(), status: error.status, requestId: error.requestId } };
  }
}
