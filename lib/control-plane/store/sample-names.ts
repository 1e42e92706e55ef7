import type { Database } from './database.ts';

const numbers = new WeakMap<Database, Map<string, number>>();

/** Servers and metrics by small numbers in samples.db; undefined for a name that nothing was kept of. */
export function findNumber(database: Database, name: string): number | undefined {
  const known = numbers.get(database) ?? new Map<string, number>();
  numbers.set(database, known);
  const number = known.get(name);
  if (number !== undefined) return number;
  const row = database.prepare('SELECT id FROM names WHERE name = ?').get(name) as { id: number } | undefined;
  if (row) known.set(name, row.id);
  return row?.id;
}

/** The number of a name; a new one when it has none yet. */
export function numberOf(database: Database, name: string): number {
  const found = findNumber(database, name);
  if (found !== undefined) return found;
  database.prepare('INSERT INTO names (name) VALUES (?)').run(name);
  return findNumber(database, name)!;
}
