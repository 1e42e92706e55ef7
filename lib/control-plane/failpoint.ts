import type { Failpoint } from './config.ts';

/**
 * For the tests that kill the daemon everywhere: ends this process before or after the step, as kill -9 would, or has the
 * step fail once it is done.
 *
 * @returns for the engine; nothing when none is asked for.
 */
export function failAt(
  failpoint: Failpoint | undefined,
): ((operation: string, step: string, when: Failpoint['when']) => void) | undefined {
  if (!failpoint) return undefined;
  return (operation, step, when) => {
    if (operation !== failpoint.operation || step !== failpoint.step || when !== failpoint.when) return;
    if (when === 'fails') throw new Error('It was told to fail here.');
    process.kill(process.pid, 'SIGKILL');
    // The signal may take a moment to arrive, and nothing may happen in it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
