'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import type { KeyboardEvent, MouseEvent, Ref } from 'react';
import { Checkbox } from './checkbox';
import { classNames } from './class-names';
import { InGrid } from './grid-context';
import type { DataColumn } from './table-columns';

/** Where a row is drawn of which not all are. */
export interface DrawnPlace {
  /** Distance in px from the top of all rows. */
  start: number;
  measure: Ref<HTMLDivElement>;
}

/** Where a row stands among all, drawn or not. */
export interface RowPlace extends Partial<DrawnPlace> {
  index: number;
  minHeight: number;
  tabIndex: 0 | -1;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const OUT_OF_FLOW = 'absolute inset-x-0';

function rowProps({ index, start, minHeight, tabIndex, measure, onFocus, onKeyDown }: RowPlace) {
  return {
    ref: measure,
    'data-index': index,
    role: 'row',
    // The head is the first one.
    'aria-rowindex': index + 2,
    tabIndex,
    onFocus,
    onKeyDown,
    style: { minHeight, ...(start !== undefined && { transform: `translateY(${start}px)` }) },
  };
}

interface TableRowProps<Row> {
  place: RowPlace;
  row: Row;
  columns: DataColumn<Row>[];
  template: string;
  /** The column that names the row. */
  headerId: string | undefined;
  onOpen?: (row: Row) => void;
  /** Absent where rows can't be selected. */
  selection?: { name: string; isSelected: boolean; onToggle: (event: MouseEvent) => void };
}

/** A row of a `DataTable`. */
export function TableRow<Row>({ place, row, columns, template, headerId, onOpen, selection }: TableRowProps<Row>) {
  const { style, ...rest } = rowProps(place);
  return (
    <div
      {...rest}
      aria-selected={selection?.isSelected}
      onDoubleClick={onOpen && (() => onOpen(row))}
      className={classNames(
        'grid items-center border-b border-line outline-offset-[-2px]',
        place.start !== undefined && OUT_OF_FLOW,
        selection?.isSelected ? 'bg-accent-weak' : 'bg-surface hover:bg-sunken',
      )}
      style={{ ...style, gridTemplateColumns: template }}
    >
      {selection && (
        <div role="gridcell" className="flex items-center justify-center">
          <Checkbox
            label={`Select ${selection.name}`}
            labelHidden
            checked={selection.isSelected}
            onClick={selection.onToggle}
            onChange={() => {}}
          />
        </div>
      )}
      {columns.map((column) => (
        <div
          key={column.id}
          role={column.id === headerId ? 'rowheader' : 'gridcell'}
          className={classNames(
            'min-w-0 px-4 py-1.5',
            column.pinned && 'sticky right-0 bg-inherit max-sm:px-2',
            column.align === 'right'
              ? 'text-right tabular-nums'
              : // Buttons that read like links are cut with an ellipsis as well.
                'truncate [&>button]:max-w-full [&>button]:truncate [&>button]:align-bottom',
          )}
        >
          <InGrid value>{column.render(row)}</InGrid>
        </div>
      ))}
    </div>
  );
}

interface GroupRowProps {
  place: RowPlace;
  name: string;
  /** How many rows stand under it. */
  count: number;
  /** How many columns it spans. */
  span: number;
  isClosed: boolean;
  onToggle: () => void;
}

/** The words under which rows of a `DataTable` stand together; opens and closes them. */
export function GroupRow({ place, name, count, span, isClosed, onToggle }: GroupRowProps) {
  const Sign = isClosed ? ChevronRight : ChevronDown;
  return (
    <div
      {...rowProps(place)}
      role="row"
      onClick={onToggle}
      onKeyDown={place.onKeyDown}
      className={classNames(
        'flex cursor-default items-center border-b border-line bg-sunken outline-offset-[-2px]',
        place.start !== undefined && OUT_OF_FLOW,
      )}
    >
      <div
        role="rowheader"
        aria-expanded={!isClosed}
        aria-colspan={span}
        className="sticky left-0 flex min-w-0 items-center gap-1.5 px-3.5"
      >
        <Sign size={14} aria-hidden className="shrink-0 text-text-3" />
        <b className="truncate font-[560]">{name}</b>
        <span className="text-text-3">{count.toLocaleString('en-US')}</span>
      </div>
    </div>
  );
}
