import type { OperationStatus } from './operations.ts';

/** A long operation that the bell follows. Nothing secret is in it: it is kept in the browser's storage. */
export interface TrackedOperation {
  /** ARM's URL of its status; also its id. */
  operationUrl: string;
  resourceId: string;
  /** What it does, with the name: "Stopping orders". */
  title: string;
  /** Where to see the resource. */
  href?: string;
  /** Paths of reads to refresh when it ends. */
  refresh: string[];
  startedAt: string;
  endedAt?: string;
  status: OperationStatus['status'] | 'Unknown';
  percentComplete?: number;
  stage?: string;
  error?: { code: string; message: string };
  retryAfterSeconds?: number;
  /** The bell was opened since it ended. */
  seen: boolean;
}

const MOST = 30;
const KEPT_MILLISECONDS = 24 * 3_600_000;

/** Reads what the storage holds; entries of an unknown shape, and those that ended long ago, are left out. */
export function parseOperations(text: string | null, now: Date): TrackedOperation[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored
    .filter(isTracked)
    .filter(({ endedAt }) => !endedAt || now.getTime() - Date.parse(endedAt) < KEPT_MILLISECONDS);
}

function isTracked(value: unknown): value is TrackedOperation {
  if (value === null || typeof value !== 'object') return false;
  const { operationUrl, resourceId, title, status, startedAt, refresh } = value as Partial<TrackedOperation>;
  return (
    [operationUrl, resourceId, title, status, startedAt].every((text) => typeof text === 'string') &&
    Array.isArray(refresh)
  );
}

/** Newest first; the oldest finished ones make room. */
export function withOperation(operations: TrackedOperation[], added: TrackedOperation): TrackedOperation[] {
  const others = operations.filter((operation) => operation.operationUrl !== added.operationUrl);
  const running = others.filter((operation) => operation.status === 'Running').length;
  let room = MOST - 1 - running;
  return [added, ...others.filter((operation) => operation.status === 'Running' || room-- > 0)];
}

/** Takes in what the service said. */
export function withStatus(operation: TrackedOperation, status: OperationStatus, now: Date): TrackedOperation {
  return {
    ...operation,
    status: status.status,
    // A monitor that stops telling is no reason to go back.
    percentComplete: status.percentComplete ?? operation.percentComplete,
    stage: status.stage ?? operation.stage,
    retryAfterSeconds: status.retryAfterSeconds,
    error: status.error && { code: status.error.code, message: status.error.message },
    endedAt: status.status === 'Running' ? undefined : (status.endTime ?? now.toISOString()),
  };
}

/** Ends one whose status can't be asked for any more (the service forgets operations after a while). */
export function withUnknownEnd(
  operation: TrackedOperation,
  error: { code: string; message: string },
  now: Date,
): TrackedOperation {
  return {
    ...operation,
    status: 'Unknown',
    error: { code: error.code, message: error.message },
    endedAt: now.toISOString(),
  };
}
