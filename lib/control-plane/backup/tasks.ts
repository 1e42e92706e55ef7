import { Worker } from 'node:worker_threads';
import type { LogSegmentRow } from '../store/log-segments.ts';
import { packFolders, unpackFolders, type Packed } from './pack.ts';
import { writeRelayLogs, type RelayLogs } from './relay-logs.ts';
import { readSealed } from './sealed-file.ts';

/** What takes long and much of a processor: done in a thread of its own, so that the daemon goes on answering. */
export type BackupTask =
  | { kind: 'pack'; roots: Record<string, string>; target: string; key: Uint8Array }
  | { kind: 'unpack'; source: string; checksum: string | null; targets: Record<string, string>; key: Uint8Array }
  | {
      kind: 'relay';
      segments: { segment: LogSegmentRow; path: string }[];
      dataDirectory: string;
      moment: number;
      gtidsBefore: string;
      key: Uint8Array;
    }
  | { kind: 'check'; path: string; checksum: string | null; key: Uint8Array };

export interface BackupTaskResults {
  pack: Packed;
  unpack: { files: number };
  relay: RelayLogs;
  check: { bytes: number };
}

export type BackupTaskMessage =
  | { progress: number }
  | { result: unknown }
  | { failure: { message: string; code?: string | undefined; damaged?: { file: string; offset: number } | undefined } };

/** @param progress told of bytes. @throws {DamagedFileError} and others, as the task does. */
export async function performTask(task: BackupTask, progress: (bytes: number) => void): Promise<unknown> {
  const key = Buffer.from(task.key);
  if (task.kind === 'pack') return packFolders(task.roots, task.target, key, progress);
  if (task.kind === 'unpack') return unpackFolders(task.source, key, task, progress);
  if (task.kind === 'relay') return writeRelayLogs(task.segments, key, task, progress);
  let bytes = 0;
  for await (const part of readSealed(task.path, key, task)) progress((bytes += part.length));
  return { bytes };
}

/** A file of a backup is not what was written; or is not there. */
export class DamagedBackupError extends Error {
  /** Its name, without folder. */
  readonly file: string;

  constructor(message: string, file: string) {
    super(message);
    this.name = 'DamagedBackupError';
    this.file = file;
  }
}

/**
 * Runs a task in a thread.
 *
 * @param options.signal ends the thread at once; what it has written so far lies about.
 * @throws {DamagedBackupError} when a file of the store is damaged or missing.
 */
export async function runTask<Kind extends BackupTask['kind']>(
  task: Extract<BackupTask, { kind: Kind }>,
  { progress, signal }: { progress?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<BackupTaskResults[Kind]> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./task-worker.ts', import.meta.url), { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<BackupTaskResults[Kind]>();
  const abort = () => {
    void worker.terminate();
    reject(signal!.reason as Error);
  };
  signal?.addEventListener('abort', abort, { once: true });
  worker.on('message', (message: BackupTaskMessage) => {
    if ('progress' in message) progress?.(message.progress);
    else if ('result' in message) resolve(message.result as BackupTaskResults[Kind]);
    else reject(failureOf(message.failure));
  });
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('The thread ended.')));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function failureOf({ message, code, damaged }: Extract<BackupTaskMessage, { failure: unknown }>['failure']): Error {
  if (damaged) return new DamagedBackupError(message, damaged.file);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Error('The disk is full. Make room and try again.');
  return Object.assign(new Error(code ? `A file of the backup could not be read or written (${code}).` : message), {
    code,
  });
}
