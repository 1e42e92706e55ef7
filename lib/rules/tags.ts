/** A tag as a form has it. */
export interface TagField {
  name: string;
  value: string;
}

export const MAX_TAGS = 50;

/** What is wrong with a tag's name or value, as ARM has it. */
export function tagProblem({ name, value }: TagField): { field: keyof TagField; message: string } | undefined {
  if (name === '') return { field: 'name', message: 'Write a name, or remove the row.' };
  if (name.length > 512) return { field: 'name', message: 'A tag name has at most 512 characters.' };
  if (/[<>%&\\?/]/.test(name)) {
    return { field: 'name', message: 'These are not allowed in a tag name: < > % & \\ ? /' };
  }
  if (value.length > 256) return { field: 'value', message: 'A tag value has at most 256 characters.' };
  return undefined;
}

/** Tags of a server after some are set and some taken away; names are the same without regard to case. */
export function changeTags(
  before: Record<string, string>,
  set: readonly TagField[],
  remove: readonly string[],
): Record<string, string> {
  const gone = new Set([...remove, ...set.map(({ name }) => name)].map((name) => name.toLowerCase()));
  const kept = Object.entries(before).filter(([name]) => !gone.has(name.toLowerCase()));
  return Object.fromEntries([...kept, ...set.map(({ name, value }): [string, string] => [name, value])]);
}
