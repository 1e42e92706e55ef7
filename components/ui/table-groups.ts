/** What a grid draws one under the other. */
export type TableItem<Row> = { kind: 'row'; row: Row } | { kind: 'group'; name: string; count: number };

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Rows under the heads of their groups, which are in the order of their names; the rows of a closed group are left out. */
export function withGroups<Row>(
  rows: readonly Row[],
  groupOf: ((row: Row) => string) | undefined,
  closed: ReadonlySet<string>,
): TableItem<Row>[] {
  if (!groupOf) return rows.map((row) => ({ kind: 'row', row }));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = groupOf(row);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return [...groups]
    .sort(([a], [b]) => collator.compare(a, b))
    .flatMap(([name, members]): TableItem<Row>[] => [
      { kind: 'group', name, count: members.length },
      ...(closed.has(name) ? [] : members.map((row): TableItem<Row> => ({ kind: 'row', row }))),
    ]);
}
