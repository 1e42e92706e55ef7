import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import type { ConfigurationForUpdate } from '../arm/mysql/configuration.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import { azServer, shellWord } from './az-command.ts';
import type { ChangeDescription } from './change-description.ts';
import type { ParameterEdits, ServerParameter } from './server-parameters.ts';

/** What is sent. */
export function configurationsForUpdate(
  parameters: readonly ServerParameter[],
  edits: ParameterEdits,
): ConfigurationForUpdate[] {
  return edited(parameters, edits).map(({ name, defaultValue }) => {
    const value = edits[name];
    return value === null || value === undefined
      ? { name, properties: { value: defaultValue, source: 'system-default' } }
      : { name, properties: { value, source: 'user-override' } };
  });
}

const edited = (parameters: readonly ServerParameter[], edits: ParameterEdits) =>
  parameters.filter(({ name }) => name in edits);

/** Those of the edits that MySQL takes at its next start only. */
export function needRestart(parameters: readonly ServerParameter[], edits: ParameterEdits): string[] {
  return edited(parameters, edits)
    .filter(({ isDynamic }) => !isDynamic)
    .map(({ name }) => name);
}

/**
 * The batch in the words of the review; undefined when nothing is edited.
 *
 * @param restart the server is restarted after it.
 */
export function describeParameters(
  key: ServerKey,
  parameters: readonly ServerParameter[],
  edits: ParameterEdits,
  restart = false,
): ChangeDescription | undefined {
  const value = configurationsForUpdate(parameters, edits);
  if (value.length === 0) return undefined;
  const id = serverId(key);
  const about = { resourceId: id, apiVersion: MYSQL_API_VERSION, method: 'POST' } as const;
  const args = value.map(({ name, properties }) => shellWord(`${name}=${properties.value}`));
  const waiting = needRestart(parameters, edits);
  return {
    ...about,
    action: 'updateConfigurations',
    body: { value, resetAllToDefault: 'False' },
    azCommand: azServer(
      key,
      'parameter set-batch',
      [`--source user-override`, `--args ${args.join(' ')}`],
      '--server-name',
    ),
    changes: edited(parameters, edits).map(({ name, value: from, defaultValue }) => ({
      label: name,
      from: from === '' ? '(empty)' : from,
      to: edits[name] === null ? `${defaultValue || '(empty)'} (the default)` : edits[name] || '(empty)',
    })),
    ...(restart && waiting.length > 0 && { restarts: restartWords(waiting) }),
    ...(restart && {
      further: [
        {
          ...about,
          action: 'restart',
          body: { restartWithFailover: 'Disabled', maxFailoverSeconds: 0 },
          azCommand: azServer(key, 'restart'),
        },
      ],
    }),
  };
}

function restartWords(names: readonly string[]): string {
  return `The server restarts for ${listed(names)}. Every session ends; new ones are accepted again as soon as MySQL is back.`;
}

/** Of edits that are saved without a restart: nothing is interrupted, and nothing happens yet. */
export function waitingWords(names: readonly string[]): string {
  const one = names.length === 1;
  return `${listed(names)} ${one ? 'is' : 'are'} static: ${one ? 'it takes' : 'they take'} effect at the next restart. Nothing is interrupted until then.`;
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
