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

/** What is wrong in a list of tags, by its place there. */
export function tagFaults(tags: readonly TagField[]): { index: number; field: keyof TagField; message: string }[] {
  return tags.flatMap((tag, index) => {
    const problem = tagProblem(tag);
    if (problem) return [{ index, ...problem }];
    const lower = tag.name.toLowerCase();
    if (tags.findIndex(({ name }) => name.toLowerCase() === lower) < index) {
      return [{ index, field: 'name' as const, message: `There is already a tag “${tag.name}”.` }];
    }
    if (index >= MAX_TAGS)
      return [{ index, field: 'name' as const, message: `A resource has at most ${MAX_TAGS} tags.` }];
    return [];
  });
}

/**
 * The tags after an edit: what was changed since `base` is changed, and what others did meanwhile stays.
 *
 * @param present what the server has now. @param base what it had when the edit began.
 */
export function editedTags(
  present: Record<string, string>,
  base: Record<string, string>,
  edited: readonly TagField[],
): Record<string, string> {
  const set = edited.filter(({ name, value }) => base[name] !== value);
  const remove = Object.keys(base).filter((name) => !edited.some((tag) => tag.name === name));
  return changeTags(present, set, remove);
}
