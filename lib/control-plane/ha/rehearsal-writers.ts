import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WriterRecord } from './rehearsal-report.ts';

/** Where the writers go, and as whom. */
export interface WriterTarget {
  /** The server's address and port: the gateway's. */
  host: string;
  port: number;
  /** The address that they come from. */
  from: string;
  user: string;
  password: string;
  schema: string;
  /** PEM of the authority that signed the server's certificate. */
  certificateAuthority: string;
  writers: number;
}

/** `failure`: what a writer failed of last, in words. */
export type ThreadMessage = { acknowledged: number; failure?: string | undefined } | { record: WriterRecord };

export interface RehearsalWriters {
  /** Resolves when so many more rows were acknowledged. @throws {Error} when that takes too long. */
  progress(rows: number, withinMs: number): Promise<void>;
  /** Ends them. What they saw; at most some seconds later. */
  stop(): Promise<WriterRecord>;
}

/**
 * Writers that number their rows, in a thread of their own: what watches over the server runs in the daemon's, and must
 * neither wait for them nor keep them waiting.
 */
export function startRehearsalWriters(target: WriterTarget): RehearsalWriters {
  const thread = new Worker(new URL('./rehearsal-writer-thread.ts', import.meta.url), { workerData: target });
  thread.unref();
  let acknowledged = 0;
  let told: string | undefined;
  let failure: Error | undefined;
  const record = Promise.withResolvers<WriterRecord>();
  record.promise.catch(() => {});
  const waiting = new Set<() => void>();
  const look = () => waiting.forEach((wake) => wake());
  thread.on('message', (message: ThreadMessage) => {
    if ('record' in message) record.resolve(message.record);
    else ({ acknowledged, failure: told } = message);
    look();
  });
  thread.once('error', (thrown) => {
    failure = thrown as Error;
    record.reject(failure);
    look();
  });
  return {
    async progress(rows, withinMs) {
      const wanted = acknowledged + rows;
      const done = Promise.withResolvers<void>();
      const late = setTimeout(() => {
        const words = `Only ${rows - wanted + acknowledged} of ${rows} rows were acknowledged within ${withinMs / 1000} seconds.`;
        done.reject(new Error(told === undefined ? words : `${words} What a writer was told last: ${told}`));
      }, withinMs);
      const wake = () => {
        if (failure) done.reject(failure);
        else if (acknowledged >= wanted) done.resolve();
      };
      waiting.add(wake);
      wake();
      try {
        await done.promise;
      } finally {
        clearTimeout(late);
        waiting.delete(wake);
      }
    },
    async stop() {
      const exited = once(thread, 'exit');
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
      thread.postMessage('stop');
      try {
        return await record.promise;
      } finally {
        await thread.terminate();
        await exited;
      }
    },
  };
}
