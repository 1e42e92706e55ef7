'use client';

import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowData,
  type RowSelectionState,
  type SortingState,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Columns3 } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Checkbox } from './checkbox';
import { classNames } from './class-names';
import { InGrid } from './grid-context';
import { IconButton } from './icon-button';
import { Menu } from './menu';
import { withGroups } from './table-groups';

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
}

export interface DataTableProps<Row> {
  /** Name for screen readers. */
  label: string;
  columns: DataColumn<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  rowName?: (row: Row) => string;
  /** Row ids; absent means that rows can't be selected. */
  selected?: ReadonlySet<string>;
  onSelectedChange?: (ids: Set<string>) => void;
  /** Enter or a double click on a row. */
  onOpen?: (row: Row) => void;
  sorting?: SortingState;
  onSortingChange?: (sorting: SortingState) => void;
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

const features = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right);
  const [a, b] = [Number(left ?? Number.NEGATIVE_INFINITY), Number(right ?? Number.NEGATIVE_INFINITY)];
  return a === b ? 0 : a - b;
}

/**
 * A grid that draws only the rows in view: sortable, with chosen columns and selected rows. Arrow keys, Home, End,
 * Page Up and Page Down move between rows, Space selects, Enter opens.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
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
  const [ownSorting, setOwnSorting] = useState<SortingState>([]);
  const [ownHidden, setOwnHidden] = useState(() => columns.filter(({ hidden }) => hidden).map(({ id }) => id));
  const hidden = props.hiddenColumns ?? ownHidden;
  const visibility = Object.fromEntries(hidden.map((id) => [id, false]));
  const toggleColumn = (id: string) =>
    (props.onHiddenColumnsChange ?? setOwnHidden)(
      hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id],
    );
  const [closedGroups, setClosedGroups] = useState<ReadonlySet<string>>(new Set());
  const [focusedRow, setFocusedRow] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const sorting = props.sorting ?? ownSorting;
  const selectable = Boolean(selected && onSelectedChange);
  const rowSelection: RowSelectionState = Object.fromEntries([...(selected ?? [])].map((id) => [id, true]));

  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        accessorFn: (row: Row) => column.sortBy?.(row),
        enableSorting: Boolean(column.sortBy),
        sortUndefined: 'last',
        sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowId,
    state: { sorting, columnVisibility: visibility, rowSelection },
    onSortingChange: (update) =>
      (props.onSortingChange ?? setOwnSorting)(typeof update === 'function' ? update(sorting) : update),
    onRowSelectionChange: (update) => {
      const after = typeof update === 'function' ? update(rowSelection) : update;
      onSelectedChange?.(new Set(Object.keys(after).filter((id) => after[id])));
    },
    enableRowSelection: selectable,
  });
  const tableRows = table.getRowModel().rows;
  const { groupOf } = props;
  const items = useMemo(
    () => withGroups(tableRows, groupOf && ((row) => groupOf(row.original)), closedGroups),
    [tableRows, groupOf, closedGroups],
  );
  const toggleGroup = (name: string) => {
    const next = new Set(closedGroups);
    if (!next.delete(name)) next.add(name);
    setClosedGroups(next);
  };
  const visible = columns.filter((column) => visibility[column.id] !== false);
  const template = [selectable ? '40px' : null, ...visible.map((column) => column.width ?? 'minmax(120px, 1fr)')]
    .filter(Boolean)
    .join(' ');
  const headerId = (columns.find((column) => column.rowHeader) ?? visible[0])?.id;

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item?.kind === 'row' ? item.row.id : item ? `group ${item.name}` : index;
    },
    overscan: 8,
  });

  const focusRow = (index: number) => {
    const bounded = Math.max(0, Math.min(items.length - 1, index));
    setFocusedRow(bounded);
    virtualizer.scrollToIndex(bounded);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${bounded}"]`)?.focus());
  };
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
    else if (event.key === ' ' && selectable) row?.toggleSelected();
    else if (event.key === 'Enter' && onOpen && row) onOpen(row.original);
    else return;
    event.preventDefault();
  };

  return (
    <div className="min-w-0">
      {(props.toolbar || props.columnChooser) && (
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
          {props.toolbar}
          {props.columnChooser && (
            <span className="ml-auto">
              <Menu
                label="Columns"
                sections={[
                  {
                    title: 'Columns',
                    multiple: true,
                    items: columns.map((column) => ({
                      id: column.id,
                      label: column.header,
                      checked: visibility[column.id] !== false,
                      disabledReason: column.fixed && 'Always shown',
                      onSelect: () => toggleColumn(column.id),
                    })),
                  },
                ]}
              >
                {(trigger) => <IconButton icon={Columns3} label="Choose columns" {...trigger} />}
              </Menu>
            </span>
          )}
        </div>
      )}
      <div ref={scroller} className="overflow-auto" style={{ maxHeight }}>
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={items.length + 1}
          aria-colcount={visible.length + (selectable ? 1 : 0)}
          aria-multiselectable={selectable || undefined}
          className="min-w-fit"
        >
          <div
            role="row"
            aria-rowindex={1}
            className="sticky top-0 z-10 grid border-b border-line bg-surface text-xs font-[560] text-text-2"
            style={{ gridTemplateColumns: template }}
          >
            {selectable && (
              <div role="columnheader" className="flex items-center justify-center">
                <Checkbox
                  label="Select all"
                  labelHidden
                  checked={tableRows.length > 0 && table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                  onChange={() => table.toggleAllRowsSelected()}
                />
              </div>
            )}
            {visible.map((column) => {
              const sorted = sorting.find((entry) => entry.id === column.id);
              return (
                <div
                  key={column.id}
                  role="columnheader"
                  aria-sort={sorted ? (sorted.desc ? 'descending' : 'ascending') : column.sortBy ? 'none' : undefined}
                  className={classNames(
                    'flex min-h-[34px] min-w-0 items-center px-4',
                    column.align === 'right' && 'justify-end',
                  )}
                >
                  {column.sortBy ? (
                    <button
                      type="button"
                      className="group inline-flex min-h-6 min-w-0 items-center gap-1 rounded-sm hover:text-text"
                      onClick={(event) => table.getColumn(column.id)?.toggleSorting(undefined, event.shiftKey)}
                    >
                      <span className="truncate">{column.header}</span>
                      {sorted?.desc ? (
                        <ArrowDown size={12} aria-hidden />
                      ) : (
                        <ArrowUp
                          size={12}
                          aria-hidden
                          className={sorted ? undefined : 'opacity-0 group-hover:opacity-50'}
                        />
                      )}
                    </button>
                  ) : (
                    <span className="truncate">{column.header}</span>
                  )}
                </div>
              );
            })}
          </div>
          <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map((item) => {
              const drawn = items[item.index];
              if (!drawn) return null;
              const tabIndex = item.index === Math.min(focusedRow, items.length - 1) ? 0 : -1;
              if (drawn.kind === 'group') {
                const isClosed = closedGroups.has(drawn.name);
                const Sign = isClosed ? ChevronRight : ChevronDown;
                return (
                  <div
                    key={item.key}
                    ref={virtualizer.measureElement}
                    data-index={item.index}
                    role="row"
                    aria-rowindex={item.index + 2}
                    tabIndex={tabIndex}
                    onFocus={() => setFocusedRow(item.index)}
                    onKeyDown={(event) => onRowKeyDown(event, item.index)}
                    onClick={() => toggleGroup(drawn.name)}
                    className="absolute inset-x-0 flex cursor-default items-center border-b border-line bg-sunken outline-offset-[-2px]"
                    style={{ minHeight: rowHeight, transform: `translateY(${item.start}px)` }}
                  >
                    <div
                      role="rowheader"
                      aria-expanded={!isClosed}
                      aria-colspan={visible.length + (selectable ? 1 : 0)}
                      className="sticky left-0 flex min-w-0 items-center gap-1.5 px-3.5"
                    >
                      <Sign size={14} aria-hidden className="shrink-0 text-text-3" />
                      <b className="truncate font-[560]">{drawn.name}</b>
                      <span className="text-text-3">{drawn.count.toLocaleString('en-US')}</span>
                    </div>
                  </div>
                );
              }
              const { row } = drawn;
              const isSelected = selectable && row.getIsSelected();
              return (
                <div
                  key={row.id}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={selectable ? isSelected : undefined}
                  tabIndex={tabIndex}
                  onFocus={() => setFocusedRow(item.index)}
                  onKeyDown={(event) => onRowKeyDown(event, item.index)}
                  onDoubleClick={onOpen && (() => onOpen(row.original))}
                  className={classNames(
                    'absolute inset-x-0 grid items-center border-b border-line outline-offset-[-2px]',
                    isSelected ? 'bg-accent-weak' : 'hover:bg-sunken',
                  )}
                  style={{
                    gridTemplateColumns: template,
                    minHeight: rowHeight,
                    transform: `translateY(${item.start}px)`,
                  }}
                >
                  {selectable && (
                    <div role="gridcell" className="flex items-center justify-center">
                      <Checkbox
                        label={`Select ${rowName?.(row.original) ?? row.id}`}
                        labelHidden
                        checked={isSelected}
                        onClick={row.getToggleSelectedHandler()}
                        onChange={() => {}}
                      />
                    </div>
                  )}
                  {visible.map((column) => (
                    <div
                      key={column.id}
                      role={column.id === headerId ? 'rowheader' : 'gridcell'}
                      className={classNames(
                        'min-w-0 px-4 py-1.5',
                        column.align === 'right' ? 'text-right tabular-nums' : 'truncate',
                      )}
                    >
                      <InGrid value>{column.render(row.original)}</InGrid>
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
        {tableRows.length === 0 && empty}
      </div>
    </div>
  );
}
