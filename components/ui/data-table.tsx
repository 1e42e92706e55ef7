'use client';

import {
  lazy,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { ColumnChooser, TableHead, type DataColumn } from './table-columns';
import { withGroups } from './table-groups';
import { nextSorting, sortRows, toggleSelected, type Sorting } from './table-order';
import { GroupRow, TableRow, type DrawnPlace, type RowPlace } from './table-row';

// Only long tables need to know which rows are in view.
const VirtualRows = lazy(() => import('./virtual-rows').then((module) => ({ default: module.VirtualRows })));

export interface DataTableProps<Row> {
  /** Name for screen readers. */
  label: string;
  columns: DataColumn<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowName?: (row: Row) => string;
  /** Row ids; absent means that rows can't be selected. */
  selected?: ReadonlySet<string>;
  onSelectedChange?: (ids: Set<string>) => void;
  /** Enter or a double click on a row. */
  onOpen?: (row: Row) => void;
  sorting?: Sorting;
  onSortingChange?: (sorting: Sorting) => void;
  columnChooser?: boolean;
  /** Ids of columns that are not shown, where the caller keeps the choice; otherwise the table keeps it. */
  hiddenColumns?: readonly string[];
  onHiddenColumnsChange?: (ids: string[]) => void;
  /** Rows with the same words stand together under them, sorted within. */
  groupOf?: (row: Row) => string;
  /** Left of the column chooser: filter box, count. */
  toolbar?: ReactNode;
  empty?: ReactNode;
  /** Rows scroll within this height (px or CSS); smaller tables take what they need. */
  maxHeight?: number | string;
  rowHeight?: number;
}

/** Rows from which on whoever uses the keyboard is offered a way past all of them. */
const LONG = 20;
/** As many are drawn whole; of more, only those in view. */
const MOST_DRAWN = 60;

/**
 * A grid that draws of many rows only those in view: sortable, with chosen columns and selected rows. Arrow keys, Home, End,
 * Page Up and Page Down move between rows, Space selects, Enter opens.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    columns,
    rows,
    rowId,
    rowName,
    selected,
    onSelectedChange,
    onOpen,
    empty,
    maxHeight = 'min(70vh, 720px)',
    rowHeight = 37,
  } = props;
  const [ownSorting, setOwnSorting] = useState<Sorting>([]);
  const [ownHidden, setOwnHidden] = useState(() => columns.filter(({ hidden }) => hidden).map(({ id }) => id));
  const hidden = props.hiddenColumns ?? ownHidden;
  const toggleColumn = (id: string) =>
    (props.onHiddenColumnsChange ?? setOwnHidden)(
      hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id],
    );
  const [closedGroups, setClosedGroups] = useState<ReadonlySet<string>>(new Set());
  const [focusedRow, setFocusedRow] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLSpanElement>(null);
  /** Brings a row into view that may not be drawn; undefined while all are. */
  const scrollTo = useRef<(index: number) => void>(undefined);
  const sorting = props.sorting ?? ownSorting;
  const selectable = Boolean(selected && onSelectedChange);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const { groupOf } = props;
  const items = useMemo(() => withGroups(sorted, groupOf, closedGroups), [sorted, groupOf, closedGroups]);
  const toggleGroup = (name: string) => {
    const next = new Set(closedGroups);
    if (!next.delete(name)) next.add(name);
    setClosedGroups(next);
  };
  const lastToggled = useRef<string>(undefined);
  const toggle = (id: string, isRange: boolean) => {
    if (!selected || !onSelectedChange) return;
    onSelectedChange(toggleSelected(selected, id, sorted.map(rowId), isRange ? lastToggled.current : undefined));
    lastToggled.current = id;
  };
  const allSelected = sorted.length > 0 && sorted.every((row) => selected?.has(rowId(row)));
  const visible = columns.filter((column) => !hidden.includes(column.id));
  const template = [selectable ? '40px' : null, ...visible.map((column) => column.width ?? 'minmax(120px, 1fr)')]
    .filter(Boolean)
    .join(' ');
  const headerId = (columns.find((column) => column.rowHeader) ?? visible[0])?.id;

  const keyAt = (index: number) => {
    const item = items[index];
    return item?.kind === 'row' ? rowId(item.row) : item ? `group ${item.name}` : index;
  };

  const focusRow = (index: number) => {
    const bounded = Math.max(0, Math.min(items.length - 1, index));
    setFocusedRow(bounded);
    scrollTo.current?.(bounded);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${bounded}"]`)?.focus());
  };
  const lastFocused = useRef<Element>(undefined);
  // The row in which the focus was is gone: it goes to the one in its place, and not to the top of the page.
  useEffect(() => {
    if (!lastFocused.current || lastFocused.current.isConnected || document.activeElement !== document.body) return;
    lastFocused.current = undefined;
    if (items.length > 0 && items.length <= MOST_DRAWN) focusRow(focusedRow);
    // When rows come and go.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [items]);
  const onRowKeyDown = (event: KeyboardEvent<HTMLElement>, index: number) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: items.length - 1,
      PageDown: index + page,
      PageUp: index - page,
    };
    const to = moves[event.key];
    const item = items[index];
    const row = item?.kind === 'row' ? item.row : undefined;
    if (to !== undefined) focusRow(to);
    else if (item?.kind === 'group' && (event.key === ' ' || event.key === 'Enter')) toggleGroup(item.name);
    else if (event.key === ' ' && selectable && row) toggle(rowId(row), event.shiftKey);
    else if (event.key === 'Enter' && onOpen && row) onOpen(row);
    else return;
    event.preventDefault();
  };

  const span = visible.length + (selectable ? 1 : 0);
  const renderRow = (index: number, drawnAt?: DrawnPlace) => {
    const drawn = items[index];
    if (!drawn) return null;
    const key = keyAt(index);
    const place: RowPlace = {
      ...drawnAt,
      index,
      minHeight: rowHeight,
      tabIndex: index === Math.min(focusedRow, items.length - 1) ? 0 : -1,
      onFocus: () => setFocusedRow(index),
      onKeyDown: (event) => onRowKeyDown(event, index),
    };
    if (drawn.kind === 'group') {
      const { name, count } = drawn;
      const isClosed = closedGroups.has(name);
      return <GroupRow key={key} {...{ place, name, count, span, isClosed }} onToggle={() => toggleGroup(name)} />;
    }
    const { row } = drawn;
    const selection = selectable
      ? {
          name: rowName?.(row) ?? rowId(row),
          isSelected: selected?.has(rowId(row)) ?? false,
          onToggle: (event: MouseEvent) => toggle(rowId(row), event.shiftKey),
        }
      : undefined;
    return <TableRow key={key} row={row} columns={visible} {...{ place, template, headerId, onOpen, selection }} />;
  };
  const firstRows = <div role="rowgroup">{items.slice(0, MOST_DRAWN).map((_, index) => renderRow(index))}</div>;
  return (
    <div className="min-w-0">
      {(props.toolbar || props.columnChooser) && (
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          {props.toolbar}
          {props.columnChooser && (
            <span className="ml-auto">
              <ColumnChooser columns={columns} hidden={hidden} onToggle={toggleColumn} />
            </span>
          )}
        </div>
      )}
      {items.length > LONG && (
        <button
          type="button"
          onClick={() => end.current?.focus()}
          className="sr-only rounded bg-surface px-3 py-2 text-accent shadow-high focus:not-sr-only focus:absolute focus:z-20"
        >
          Skip the table
        </button>
      )}
      <div
        ref={scroller}
        className="overflow-auto"
        style={{ maxHeight }}
        onFocus={(event) => {
          lastFocused.current = event.target;
        }}
      >
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={items.length + 1}
          aria-colcount={span}
          aria-multiselectable={selectable || undefined}
          className="min-w-fit"
        >
          <TableHead
            columns={visible}
            template={template}
            sorting={sorting}
            onSort={(id, further) => (props.onSortingChange ?? setOwnSorting)(nextSorting(sorting, id, further))}
            selection={
              selectable
                ? {
                    all: allSelected,
                    some: (selected?.size ?? 0) > 0,
                    onToggle: () => onSelectedChange?.(new Set(allSelected ? [] : sorted.map(rowId))),
                  }
                : undefined
            }
          />
          {items.length > MOST_DRAWN ? (
            <Suspense fallback={firstRows}>
              <VirtualRows {...{ count: items.length, keyAt, rowHeight, scroller, scrollTo, renderRow }} />
            </Suspense>
          ) : (
            firstRows
          )}
        </div>
        {sorted.length === 0 && empty}
      </div>
      {items.length > LONG && (
        <span ref={end} tabIndex={-1} className="sr-only">
          End of the table
        </span>
      )}
    </div>
  );
}
