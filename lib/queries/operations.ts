import { apiPaths } from '../paths.ts';
import { read, RequestError } from './client.ts';

/** Where a long operation stands, as the portal's route handler answers it. */
export interface OperationStatus {
  status: 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  percentComplete?: number;
  stage?: string;
  startTime?: string;
  endTime?: string;
  error?: { code: string; message: string; target?: string };
  retryAfterSeconds?: number;
}

const LEAST_SECONDS = 0.5;
const MOST_SECONDS = 30;

/** Asks once. */
export function readOperation(operationUrl: string, signal?: AbortSignal): Promise<OperationStatus> {
  return read<OperationStatus>(apiPaths.operation(operationUrl), signal);
}

/** Milliseconds until the next question: ARM's `Retry-After` within reason; a little longer after each failure. */
export function pollDelay(retryAfterSeconds: number | undefined, failures = 0): number {
  const seconds = Math.min(Math.max(retryAfterSeconds ?? 2, LEAST_SECONDS) * 2 ** failures, MOST_SECONDS);
  return seconds * 1000;
}

/** Why an operation did not succeed. */
export interface OperationFailure {
  code: string;
  message: string;
  target?: string;
}

/**
 * Waits for the end of a write that ARM took. What is in the way for a moment (the portal or ARM is away) is waited for.
 *
 * @param wait resolves after so many milliseconds; tests hand in their own.
 * @returns undefined when it succeeded.
 */
export async function operationEnd(
  begun: { operationUrl: string | null; retryAfterSeconds: number },
  { ask = readOperation, wait = sleep }: { ask?: typeof readOperation; wait?: (ms: number) => Promise<void> } = {},
): Promise<OperationFailure | undefined> {
  if (begun.operationUrl === null) return undefined;
  let { retryAfterSeconds }: { retryAfterSeconds?: number } = begun;
  for (let failures = 0; ;) {
    await wait(pollDelay(retryAfterSeconds, failures));
    try {
      const status = await ask(begun.operationUrl);
      if (status.status === 'Succeeded') return undefined;
      if (status.status !== 'Running') {
        return status.error ?? { code: status.status, message: 'The service gave no reason.' };
      }
      failures = 0;
      ({ retryAfterSeconds } = status);
    } catch (failure) {
      const isFinal =
        failure instanceof RequestError && failure.status >= 400 && failure.status < 500 && failure.status !== 429;
      failures += 1;
      if (isFinal || failures > MOST_FAILURES) {
        const [code, message] = failure instanceof RequestError ? [failure.code, failure.message] : ['Unknown', ''];
        return { code, message: `It is not known how this ended. ${message}`.trim() };
      }
    }
  }
}

const MOST_FAILURES = 6;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
