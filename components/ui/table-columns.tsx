'use client';

import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from './checkbox';
import { classNames } from './class-names';
import { IconButton } from './icon-button';
import { Menu } from './menu';

/** A column of a `DataTable`. */
export interface DataColumn<Row> {
  id: string;
  header: string;
  render: (row: Row) => ReactNode;
  /** What it sorts by; absent means that it can't be sorted. */
  sortBy?: (row: Row) => string | number | boolean | Date | null | undefined;
  /** Width as CSS grid takes it: `minmax(160px, 2fr)` (default `minmax(120px, 1fr)`). */
  width?: string;
  align?: 'left' | 'right';
  /** Not shown until chosen in the column chooser. */
  hidden?: boolean;
  /** Can't be switched off. */
  fixed?: boolean;
  /** Names the row for screen readers (one column; the first otherwise). */
  rowHeader?: boolean;
  /** Stays at the right end while the others are pushed sideways: what can be done with a row. */
  pinned?: boolean;
}

interface TableHeadProps<Row> {
  columns: DataColumn<Row>[];
  /** Tracks of the CSS grid that head and rows share. */
  template: string;
  sorting: readonly { id: string; desc: boolean }[];
  /** With Shift a further column joins the order. */
  onSort: (id: string, further: boolean) => void;
  /** Absent where rows can't be selected. */
  selection?: { all: boolean; some: boolean; onToggle: () => void };
}

/** The head of a `DataTable`: it stays while rows scroll, and sorts. */
export function TableHead<Row>({ columns, template, sorting, onSort, selection }: TableHeadProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid border-b border-line bg-surface text-xs font-[560] text-text-2"
      style={{ gridTemplateColumns: template }}
    >
      {selection && (
        <div role="columnheader" className="flex items-center justify-center">
          <Checkbox
            label="Select all"
            labelHidden
            checked={selection.all}
            indeterminate={selection.some && !selection.all}
            onChange={selection.onToggle}
          />
        </div>
      )}
      {columns.map((column) => {
        const sorted = sorting.find((entry) => entry.id === column.id);
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={sorted ? (sorted.desc ? 'descending' : 'ascending') : column.sortBy ? 'none' : undefined}
            className={classNames(
              'flex min-h-[34px] min-w-0 items-center px-4',
              column.align === 'right' && 'justify-end',
              column.pinned && 'sticky right-0 bg-surface max-sm:px-2',
            )}
          >
            {column.sortBy ? (
              <button
                type="button"
                className={classNames(
                  'group inline-flex min-h-6 min-w-0 items-center gap-1 rounded-sm hover:text-text',
                  // The room for the arrow is on the inner side, so that head and values end on one line.
                  column.align === 'right' && 'flex-row-reverse',
                )}
                onClick={(event) => onSort(column.id, event.shiftKey)}
              >
                <span className="truncate">{column.header}</span>
                {sorted?.desc ? (
                  <ArrowDown size={12} aria-hidden />
                ) : (
                  <ArrowUp size={12} aria-hidden className={sorted ? undefined : 'opacity-0 group-hover:opacity-50'} />
                )}
              </button>
            ) : (
              <span className="truncate">{column.header}</span>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface ColumnChooserProps<Row> {
  columns: DataColumn<Row>[];
  hidden: readonly string[];
  onToggle: (id: string) => void;
}

/** Which columns a `DataTable` shows. */
export function ColumnChooser<Row>({ columns, hidden, onToggle }: ColumnChooserProps<Row>) {
  const items = columns.map((column) => ({
    id: column.id,
    label: column.header,
    checked: !hidden.includes(column.id),
    disabledReason: column.fixed && 'Always shown',
    onSelect: () => onToggle(column.id),
  }));
  return (
    <Menu label="Columns" sections={[{ title: 'Columns', multiple: true, items }]}>
      {(trigger): ReactNode => <IconButton icon={Columns3} label="Choose columns" {...trigger} />}
    </Menu>
  );
}
