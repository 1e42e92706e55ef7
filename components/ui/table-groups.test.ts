import { expect, test } from 'vitest';
import { withGroups } from './table-groups.ts';

const rows = ['b1', 'a2', 'b2', 'a10', 'a1'];
const draw = (closed: string[]) =>
  withGroups(rows, (row) => row[0]!.toUpperCase(), new Set(closed)).map((item) =>
    item.kind === 'group' ? `${item.name} (${item.count})` : item.row,
  );

test('puts rows under their group and keeps their order', () => {
  expect(draw([])).toEqual(['A (3)', 'a2', 'a10', 'a1', 'B (2)', 'b1', 'b2']);
});

test('leaves out the rows of closed groups, not their heads', () => {
  expect(draw(['A'])).toEqual(['A (3)', 'B (2)', 'b1', 'b2']);
});

test('without groups is the rows', () => {
  expect(withGroups(rows, undefined, new Set()).map((item) => item.kind === 'row' && item.row)).toEqual(rows);
});
