import { expect, test } from 'vitest';
import { nextSorting, sortRows, toggleSelected } from './table-order';

const columns = [
  { id: 'name', sortBy: (row: { name: string; size?: number }) => row.name },
  { id: 'size', sortBy: (row: { name: string; size?: number }) => row.size },
];
const rows = [{ name: 'srv-10', size: 5 }, { name: 'srv-2' }, { name: 'Srv-3', size: 5 }, { name: 'srv-1', size: 40 }];
const order = (sorting: { id: string; desc: boolean }[]) => sortRows(rows, columns, sorting).map(({ name }) => name);

test('sorts numbers in names as numbers, without regard to case', () => {
  expect(order([{ id: 'name', desc: false }])).toEqual(['srv-1', 'srv-2', 'Srv-3', 'srv-10']);
  expect(order([{ id: 'name', desc: true }])).toEqual(['srv-10', 'Srv-3', 'srv-2', 'srv-1']);
});

test('puts rows without a value last in both directions, and sorts equal ones by the next column', () => {
  expect(order([{ id: 'size', desc: false }])).toEqual(['srv-10', 'Srv-3', 'srv-1', 'srv-2']);
  expect(
    order([
      { id: 'size', desc: true },
      { id: 'name', desc: false },
    ]),
  ).toEqual(['srv-1', 'Srv-3', 'srv-10', 'srv-2']);
});

test('leaves the order alone for a column that cannot be sorted', () => {
  expect(order([{ id: 'nothing', desc: false }])).toEqual(rows.map(({ name }) => name));
});

test('a head goes from ascending to descending to none, and joins with Shift', () => {
  const first = nextSorting([], 'name', false);
  const second = nextSorting(first, 'name', false);
  expect([first, second, nextSorting(second, 'name', false)]).toEqual([
    [{ id: 'name', desc: false }],
    [{ id: 'name', desc: true }],
    [],
  ]);
  expect(nextSorting(first, 'size', false)).toEqual([{ id: 'size', desc: false }]);
  expect(nextSorting(first, 'size', true)).toEqual([...first, { id: 'size', desc: false }]);
  expect(nextSorting([...first, { id: 'size', desc: true }], 'size', true)).toEqual(first);
});

test('selects one row, or with Shift all from the one before', () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect([...toggleSelected(new Set(['a']), 'c', ids)]).toEqual(['a', 'c']);
  expect([...toggleSelected(new Set(['a']), 'c', ids, 'a')]).toEqual(['a', 'b', 'c']);
  expect([...toggleSelected(new Set(['b', 'c', 'd']), 'b', ids, 'd')]).toEqual([]);
  expect([...toggleSelected(new Set(), 'b', ids, 'gone')]).toEqual(['b']);
});
