import type { LogKind } from '../arm/local/log-entry.ts';
import type { LogEntries } from '../arm/local/log-entry.ts';
import type { LogFile } from '../arm/mysql/log-file.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { accessToken } from '../auth/session.ts';
import { apiPaths } from '../paths.ts';
import { read, readQuery, RequestError } from './client.ts';

export function logFilesQuery(key: ServerKey) {
  return readQuery<LogFile[]>(apiPaths.logFiles(key));
}

/** Server parameters that say what is logged, by name. */
export function logParametersQuery(key: ServerKey) {
  return readQuery<Record<string, string>>(apiPaths.logParameters(key));
}

/** @throws {RequestError} */
export function readLogEntries(
  key: ServerKey,
  question: { kind: LogKind; cursor?: string | undefined; search?: string | undefined },
  signal?: AbortSignal,
): Promise<LogEntries> {
  return read<LogEntries>(apiPaths.logEntries(key, question), signal);
}

/** A log file, whole. @throws {RequestError} */
export async function fetchLogFile(key: ServerKey, name: string): Promise<Blob> {
  const answer = await fetch(apiPaths.logFile(key, name), {
    headers: { authorization: `Bearer ${await accessToken()}` },
  });
  if (answer.ok) return answer.blob();
  const { error } = (await answer.json().catch(() => ({}))) as { error?: Partial<RequestError> };
  throw new RequestError(answer.status, error ?? {});
}
