/** A table and the columns that an index of it could begin with. */
export interface IndexCandidate {
  database: string;
  table: string;
  columns: string[];
}

const NAME = '`((?:[^`]|``)+)`';
const ONE_TABLE = new RegExp(
  `^(?:SELECT (?:(?!\\b(?:FROM|SELECT)\\b).)* FROM|DELETE FROM|UPDATE) (?:${NAME} \\. )?${NAME}(?: (?:AS )?${NAME})?(?: SET .*?)? WHERE (.*)$`,
  's',
);
const END = / (?:GROUP BY|ORDER BY|LIMIT|FOR (?:UPDATE|SHARE)|HAVING|LOCK IN)\b.*$/s;
const CONDITION = new RegExp(`^(?:${NAME} \\. )?${NAME} (=|<=>|<|<=|>|>=|BETWEEN|IN|IS NULL)(?: .*)?$`, 's');
const MOST_COLUMNS = 3;

/**
 * Which index could help a statement, judged by its digest text alone: only where it reads one table by conditions that must
 * all hold. Equalities come first, then at most one range. LIKE is none: its pattern is masked, and one that begins with % finds
 * nothing in an index.
 *
 * @param text as MySQL writes digests: names in backticks, values as `?`.
 * @param database the default one.
 */
export function indexCandidate(text: string, database: string): IndexCandidate | undefined {
  const found = ONE_TABLE.exec(text);
  if (!found) return undefined;
  const [, schema, table, , where] = found;
  const conditions = where!.replace(END, '');
  if (/\b(?:OR|SELECT|JOIN|UNION|XOR|NOT|CASE)\b/.test(conditions)) return undefined;
  const equal: string[] = [];
  const ranges: string[] = [];
  // BETWEEN has an AND of its own.
  for (const condition of conditions.replace(/\bBETWEEN \? AND \?/g, 'BETWEEN ?').split(' AND ')) {
    const [, , column, operator] = CONDITION.exec(condition.trim()) ?? [];
    if (column === undefined) continue;
    const list = ['=', '<=>', 'IN', 'IS NULL'].includes(operator!) ? equal : ranges;
    const name = column.replaceAll('``', '`');
    if (!list.includes(name)) list.push(name);
  }
  const columns = [...equal, ...ranges.filter((name) => !equal.includes(name)).slice(0, 1)].slice(0, MOST_COLUMNS);
  const of = unquoted(schema) ?? database;
  return columns.length === 0 || of === '' ? undefined : { database: of, table: unquoted(table)!, columns };
}

function unquoted(name: string | undefined): string | undefined {
  return name?.replaceAll('``', '`');
}
