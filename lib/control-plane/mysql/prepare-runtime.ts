import { readConfig } from '../config.ts';
import { discoverRuntimes, type MysqlRuntime } from './runtime.ts';
import { installDebianRuntime } from './runtime-debian.ts';
import type { ControlPlaneConfig } from '../config.ts';

/**
 * Sees to it that this machine has at least one MySQL runtime, fetching one where there is none.
 *
 * @param onProgress told one plain line per step.
 * @throws {Error} one message that says what to do.
 */
export async function prepareRuntimes(
  config: ControlPlaneConfig,
  onProgress: (line: string) => void,
): Promise<MysqlRuntime[]> {
  const rejected: string[] = [];
  const found = await discoverRuntimes(config.home, {
    ...config,
    onRejected: (basedir, reason) => rejected.push(`${basedir} is not used: ${reason}`),
  });
  if (found.length > 0) return found;
  for (const line of rejected) onProgress(line);
  return [await installDebianRuntime(config.home, onProgress, config)];
}

if (import.meta.main) {
  try {
    const runtimes = await prepareRuntimes(readConfig(), (line) => console.log(line));
    for (const { fullVersion, basedir } of runtimes) console.log(`MySQL ${fullVersion}: ${basedir}`);
  } catch (failure) {
    console.error((failure as Error).message);
    process.exitCode = 1;
  }
}
