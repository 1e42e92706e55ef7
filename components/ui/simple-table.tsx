import type { ReactNode } from 'react';
import { classNames } from './class-names';

export interface SimpleColumn<Row> {
  id: string;
  header: ReactNode;
  /** The header is only for screen readers (a column of buttons). */
  headerHidden?: boolean;
  render: (row: Row) => ReactNode;
  align?: 'left' | 'right';
  /** Left out on phones, where another column says it. */
  hiddenOnPhones?: boolean;
}

interface SimpleTableProps<Row> {
  /** Name for screen readers. */
  caption: string;
  columns: SimpleColumn<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  /** `none` where the table stands among text, not in a card that it fills: its words begin and end with the text. */
  inset?: 'card' | 'none';
}

/** A plain table for a few rows: prices, rules, changes. */
export function SimpleTable<Row>({ caption, columns, rows, rowId, inset = 'card' }: SimpleTableProps<Row>) {
  const edges = inset === 'none' && 'first:pl-0 last:pr-0';
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classNames(
                  'px-4 py-2 text-xs font-[560] text-text-2',
                  column.align === 'right' ? 'text-right' : 'text-left',
                  column.hiddenOnPhones && 'max-sm:hidden',
                  edges,
                )}
              >
                {column.headerHidden ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowId(row)} className="border-b border-line last:border-b-0">
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={classNames(
                    'px-4 py-2 align-middle',
                    column.align === 'right' && 'text-right tabular-nums',
                    column.hiddenOnPhones && 'max-sm:hidden',
                    edges,
                  )}
                >
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
