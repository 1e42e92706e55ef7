/** The thread of one backup task. */
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { DamagedFileError } from './sealed-file.ts';
import { performTask, type BackupTask, type BackupTaskMessage } from './tasks.ts';

const EVERY_MS = 1000;

function say(message: BackupTaskMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort!.postMessage(message);
}

let toldAt = 0;
try {
  const result = await performTask(workerData as BackupTask, (bytes) => {
    if (Date.now() - toldAt < EVERY_MS) return;
    toldAt = Date.now();
    say({ progress: bytes });
  });
  say({ result });
} catch (failure) {
  const { message, code, path, syscall } = failure as NodeJS.ErrnoException;
  const missing = code === 'ENOENT' && syscall === 'open' && path && /\.(full|log)$/.test(path);
  if (failure instanceof DamagedFileError) {
    say({ failure: { message, damaged: { file: failure.file, offset: failure.offset } } });
  } else if (missing) {
    const file = basename(path);
    say({ failure: { message: `The backup file ${file} is missing.`, damaged: { file, offset: 0 } } });
  } else {
    say({ failure: { message, code } });
  }
}
