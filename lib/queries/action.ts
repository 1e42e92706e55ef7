import { useMutation } from '@tanstack/react-query';
import { accessToken } from '../auth/session.ts';
import { isSessionEnd } from './client.ts';

/** What an action answers when ARM refused; as `lib/azure/action.ts` has it. */
export interface ActionFailure {
  code: string;
  message: string;
  status: number;
  target?: string;
  requestId?: string;
  details?: { code: string; message: string; target?: string }[];
}

type Result<Value> = { ok: true; value: Value } | { ok: false; error: ActionFailure };

/**
 * Calls a server action as the person who is signed in.
 *
 *     const restart = useArmAction(restartServer);
 *     const result = await restart.run(server);
 *
 * `run` never throws: what fails on the way is a failure like ARM's own.
 */
export function useArmAction<Arguments extends unknown[], Value>(
  action: (token: string, ...args: Arguments) => Promise<Result<Value>>,
) {
  const mutation = useMutation({ mutationFn: (args: Arguments) => call(action, args) });
  return {
    run: (...args: Arguments): Promise<Result<Value>> => mutation.mutateAsync(args),
    pending: mutation.isPending,
    /** Of the last run. */
    error: mutation.data && !mutation.data.ok ? mutation.data.error : null,
    reset: mutation.reset,
  };
}

async function call<Arguments extends unknown[], Value>(
  action: (token: string, ...args: Arguments) => Promise<Result<Value>>,
  args: Arguments,
): Promise<Result<Value>> {
  let token: string;
  try {
    token = await accessToken();
  } catch (failure) {
    return isSessionEnd(failure)
      ? { ok: false, error: { code: 'SessionEnded', status: 401, message: failure.message } }
      : { ok: false, error: { code: 'SignInUnreachable', status: 0, message: NOT_SENT } };
  }
  try {
    return await action(token, ...args);
  } catch {
    return { ok: false, error: { code: 'PortalUnreachable', status: 0, message: NOT_KNOWN } };
  }
}

const NOT_SENT = 'The sign-in service does not answer, so this was not sent. Try again in a moment.';
const NOT_KNOWN = 'The portal did not answer, so it is not known whether this was done. Refresh before you try again.';
