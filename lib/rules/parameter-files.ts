import { configurationProblem } from './configurations.ts';
import { editParameter, isSameValue, type ParameterEdits, type ServerParameter } from './server-parameters.ts';

/** Parameters as a file: what a person changed, or all that can be changed. */
export function parametersToJson(
  parameters: readonly ServerParameter[],
  server: string,
  modifiedOnly: boolean,
): string {
  const chosen = parameters.filter(({ isReadOnly, isModified }) => !isReadOnly && (isModified || !modifiedOnly));
  const values = Object.fromEntries(chosen.map(({ name, value }) => [name, value]));
  return `${JSON.stringify({ server, parameters: values }, null, 2)}\n`;
}

/** What a file wants changed, and what of it can't be. */
export interface ImportedParameters {
  edits: ParameterEdits;
  /** How many are as wanted already. */
  same: number;
  leftOut: { name: string; reason: string }[];
}

/**
 * Reads a file of parameters: our own, a plain object of names and values, or a list as the service answers it.
 *
 * @throws {Error} with words for people when it is none of them.
 */
export function importParameters(text: string, parameters: readonly ServerParameter[]): ImportedParameters {
  let edits: ParameterEdits = {};
  let same = 0;
  const leftOut: ImportedParameters['leftOut'] = [];
  for (const [name, value] of valuesIn(text)) {
    const parameter = parameters.find((known) => known.name === name.toLowerCase());
    const problem = parameter ? configurationProblem(parameter, value) : 'This server has no such parameter.';
    if (parameter && isSameValue(parameter, value, parameter.value)) same += 1;
    else if (problem || !parameter) leftOut.push({ name, reason: problem ?? '' });
    else edits = editParameter(edits, parameter, value);
  }
  return { edits, same, leftOut };
}

function valuesIn(text: string): [name: string, value: string][] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('This is not JSON. Choose a file that was exported here, or an object of names and values.');
  }
  if (file === null || typeof file !== 'object') throw new Error(NOT_PARAMETERS);
  const list = Array.isArray(file) ? file : (file as { value?: unknown }).value;
  if (Array.isArray(list)) {
    return list.flatMap((entry: { name?: unknown; value?: unknown; properties?: { value?: unknown } } | null) => {
      const value = entry?.properties?.value ?? entry?.value;
      return typeof entry?.name === 'string' && isPlain(value) ? [[entry.name, String(value)] as [string, string]] : [];
    });
  }
  const values = (file as { parameters?: unknown }).parameters ?? file;
  if (values === null || typeof values !== 'object' || Array.isArray(values)) throw new Error(NOT_PARAMETERS);
  const entries = Object.entries(values).filter(([, value]) => isPlain(value));
  if (entries.length === 0) throw new Error(NOT_PARAMETERS);
  return entries.map(([name, value]) => [name, String(value)]);
}

const NOT_PARAMETERS = 'There are no parameters in it: an object of names and values is wanted.';

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
