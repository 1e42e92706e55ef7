import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a short-lived program to its end. Rejects when it cannot start, exits with other than 0, or takes too long. */
export type RunProgram = (
  file: string,
  args: string[],
  options?: { timeoutMilliseconds?: number; cwd?: string },
) => Promise<{ stdout: string; stderr: string }>;

export const runProgram: RunProgram = async (file, args, { timeoutMilliseconds = 10_000, cwd } = {}) => {
  return execute(file, args, { timeout: timeoutMilliseconds, cwd, maxBuffer: 16 * 1024 * 1024, encoding: 'utf8' });
};

/** What a failed program said, for an error message: its standard error, else why it could not run. */
export function failureText(failure: unknown): string {
  const { stderr, message } = failure as { stderr?: string; message?: string };
  return (stderr?.trim() || message || String(failure)).trim();
}
