/**
 * Sees to each after the other. What fails at one is told, and keeps none of the others from their turn: a fault that stays
 * would keep them from it for ever.
 *
 * @param work returns what it did, in sentences. @returns all of them.
 */
export async function apart<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<Said> | Said,
  tell: (failure: unknown) => void,
): Promise<string[]> {
  const stories: string[] = [];
  for (const item of items) {
    try {
      stories.push(...[(await work(item)) ?? []].flat());
    } catch (failure) {
      tell(failure);
    }
  }
  return stories;
}

type Said = string | readonly string[] | undefined;
