import { AsyncOperation, isTerminal } from '../arm/async-operation.ts';
import { ErrorResponse, type ErrorDetail } from '../arm/error.ts';
import type { ArmClient } from './client.ts';
import { operationUrl } from './pinned-url.ts';

/** Where an operation stands. */
export interface OperationStatus {
  status: 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  percentComplete?: number;
  /** What it is doing, in words; only where the service says so. */
  stage?: string;
  startTime?: string;
  endTime?: string;
  error?: ErrorDetail;
  /** When to ask again. */
  retryAfterSeconds?: number;
}

/**
 * Asks an operation's status once. Answers of both kinds are understood: a status monitor (`Azure-AsyncOperation`), and
 * a `Location` that answers 202 until the result is there.
 *
 * @param url from the browser's storage: host and shape are checked.
 * @throws {ArmError}
 */
export async function operationStatus(arm: ArmClient, endpoint: string, url: string): Promise<OperationStatus> {
  const { status: httpStatus, body, retryAfterSeconds } = await arm.send('GET', operationUrl(endpoint, url));
  const monitor = AsyncOperation.safeParse(body);
  if (!monitor.success) return { status: httpStatus === 202 ? 'Running' : 'Succeeded', retryAfterSeconds };
  const { status, percentComplete, properties, startTime, endTime, error } = monitor.data;
  return {
    status: isTerminal(status) ? (status as OperationStatus['status']) : 'Running',
    percentComplete,
    stage: properties?.stage,
    startTime,
    endTime: endTime ?? undefined,
    // Azure puts the error of a failed operation at the top, some services again inside an envelope.
    error: error ?? (status === 'Failed' ? ErrorResponse.safeParse(properties).data?.error : undefined),
    retryAfterSeconds,
  };
}
