import * as z from 'zod';
import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { LogEntries } from '../arm/local/log-entry.ts';
import { LogFile } from '../arm/mysql/log-file.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

/** The newest stable version that has an OpenAPI file for them. */
const LOG_FILES_VERSION = '2023-12-30';

const Parameter = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ value: z.string().nullish(), currentValue: z.string().nullish() }),
});

/** @throws {ArmError} */
export function listLogFiles(arm: ArmClient, key: ServerKey): Promise<LogFile[]> {
  return arm.list(`${serverPath(key)}/logFiles`, LOG_FILES_VERSION, LogFile);
}

/** The server parameters that say what is logged, by name: those that this server has. @throws {ArmError} */
export async function readLogParameters(arm: ArmClient, key: ServerKey): Promise<Record<string, string>> {
  const all = await arm.list(`${serverPath(key)}/configurations`, MYSQL_API_VERSION, Parameter);
  const logging = all.filter(({ name }) =>
    /^(slow_query_log|long_query_time|log_.*|error_server_log_file|audit_log_enabled)$/.test(name),
  );
  return Object.fromEntries(logging.map(({ name, properties }) => [name, properties.value ?? '']));
}

/** @throws {ArmError} */
export function beginSetLogParameters(arm: ArmClient, key: ServerKey, values: Record<string, string>): Promise<Begun> {
  return arm.begin('POST', `${serverPath(key)}/updateConfigurations`, MYSQL_API_VERSION, {
    value: Object.entries(values).map(([name, value]) => ({ name, properties: { value, source: 'user-override' } })),
    resetAllToDefault: 'False',
  });
}

/** What a log says: the newest, what follows a cursor, or what has a text in it. @throws {ArmError} */
export function readLogEntries(
  arm: ArmClient,
  key: ServerKey,
  question: { kind: string; cursor: string | null; search: string | null },
): Promise<LogEntries> {
  const query = new URLSearchParams({ kind: question.kind });
  if (question.cursor) query.set('cursor', question.cursor);
  if (question.search) query.set('search', question.search);
  const path = `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/logEntries?${query}`;
  return arm.get(path, FLEXDECK_LOCAL_VERSION, LogEntries);
}
