import { readConfig, type ControlPlaneConfig } from '../config.ts';
import { discoverRuntimes, registerRuntime, type MysqlRuntime } from './runtime.ts';
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

/** `npm run mysql`: sees to it that there is one and lists all; `npm run mysql -- <folder>` keeps another one for good. */
if (import.meta.main) {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const config = readConfig();
    const [basedir] = process.argv.slice(2);
    if (basedir) await registerRuntime(config.home, basedir, config);
    for (const runtime of await prepareRuntimes(config, print))
      print(`MySQL ${runtime.fullVersion}: ${runtime.basedir}`);
  } catch (failure) {
    process.stderr.write(`${(failure as Error).message}\n`);
    process.exitCode = 1;
  }
}
