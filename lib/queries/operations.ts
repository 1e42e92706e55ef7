import { apiPaths } from '../paths.ts';
import { read } from './client.ts';

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
