import { readConfig, type ControlPlaneConfig } from '../config.ts';
import { discoverRuntimes, type MysqlRuntime } from './runtime.ts';
import { installDebianRuntime } from './runtime-debian.ts';

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
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const runtimes = await prepareRuntimes(readConfig(), print);
    for (const { fullVersion, basedir } of runtimes) print(`MySQL ${fullVersion}: ${basedir}`);
  } catch (failure) {
    process.stderr.write(`${(failure as Error).message}\n`);
    process.exitCode = 1;
  }
}
