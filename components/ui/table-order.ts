/** By which columns a grid is sorted, the first one first. */
export type Sorting = readonly { id: string; desc: boolean }[];

type SortValue = string | number | boolean | Date | null | undefined;

interface SortableColumn<Row> {
  id: string;
  sortBy?: (row: Row) => SortValue;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Rows in the wanted order; those that have no value stand last in either direction, equal ones stay as they were. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly SortableColumn<Row>[], sorting: Sorting): Row[] {
  const keys = sorting.flatMap(({ id, desc }) => {
    const sortBy = columns.find((column) => column.id === id)?.sortBy;
    return sortBy ? [{ sortBy, sign: desc ? -1 : 1 }] : [];
  });
  if (keys.length === 0) return [...rows];
  const values = rows.map((row) => ({ row, values: keys.map(({ sortBy }) => sortBy(row) ?? undefined) }));
  values.sort((a, b) => {
    for (const [index, { sign }] of keys.entries()) {
      const [left, right] = [a.values[index], b.values[index]];
      if (left === undefined || right === undefined) {
        if (left !== right) return left === undefined ? 1 : -1;
        continue;
      }
      const order = compare(left, right);
      if (order !== 0) return sign * order;
    }
    return 0;
  });
  return values.map(({ row }) => row);
}

function compare(left: NonNullable<SortValue>, right: NonNullable<SortValue>): number {
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right);
  return Number(left) - Number(right);
}

/**
 * The order after a click on a column's head: ascending, descending, none.
 *
 * @param further the column joins those that are sorted by, instead of taking their place.
 */
export function nextSorting(sorting: Sorting, id: string, further: boolean): Sorting {
  const now = sorting.find((entry) => entry.id === id);
  const next = !now ? [{ id, desc: false }] : now.desc ? [] : [{ id, desc: true }];
  if (!further) return next;
  return now ? sorting.flatMap((entry) => (entry.id === id ? next : [entry])) : [...sorting, ...next];
}

/**
 * The selection after `id` was switched.
 *
 * @param order all ids as they stand. @param from the row switched before, for a range (Shift); it takes the state that
 * `id` gets.
 */
export function toggleSelected(
  selected: ReadonlySet<string>,
  id: string,
  order: readonly string[],
  from?: string,
): Set<string> {
  const next = new Set(selected);
  const [start, end] = [order.indexOf(from ?? id), order.indexOf(id)];
  const range = start === -1 || end === -1 ? [id] : order.slice(Math.min(start, end), Math.max(start, end) + 1);
  for (const one of range) {
    if (selected.has(id)) next.delete(one);
    else next.add(one);
  }
  return next;
}
