import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;
/** A reader that is slow is waited for, half a second at most. */
const WAIT_MS = 5;
const ATTEMPTS = 100;

/**
 * Where the log's lines go: to standard output, each as it is written. One that cannot be written is lost. pino's own
 * destination ends the process where the disk is full, and then waits for ever until there is room for what it still has.
 */
export function logLines(write: (descriptor: number, bytes: Uint8Array) => number = writeSync): {
  write(line: string): void;
} {
  return {
    write(line) {
      let rest: Uint8Array = Buffer.from(line);
      for (let attempt = 0; rest.length > 0 && attempt < ATTEMPTS; attempt++) {
        try {
          rest = rest.subarray(write(STANDARD_OUTPUT, rest));
        } catch (failure) {
          if ((failure as NodeJS.ErrnoException).code !== 'EAGAIN') return;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
        }
      }
    },
  };
}
