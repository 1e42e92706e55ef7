import { RotateCcw } from 'lucide-react';
import { Breakable } from '@/components/ui/breakable';
import { IconButton } from '@/components/ui/icon-button';
import { Pill } from '@/components/ui/pill';
import type { DataColumn } from '@/components/ui/table-columns';
import { TextButton } from '@/components/ui/text-button';
import { editProblem, isSameValue, type ParameterEdits, type ServerParameter } from '@/lib/rules/server-parameters';
import { ValueEditor } from './value-editor';

interface ColumnOptions {
  edits: ParameterEdits;
  onEdit: (parameter: ServerParameter, value: string | null) => void;
  onOpen: (name: string) => void;
  unchangeable: string | undefined;
  /** Values of the server that is compared with, by name. */
  compared: { name: string; values: ReadonlyMap<string, string> } | undefined;
}

/** The grid's columns; with another server's beside them while one compares. */
export function parameterColumns(options: ColumnOptions): DataColumn<ServerParameter>[] {
  const { edits, onEdit, onOpen, unchangeable, compared } = options;
  const wanted = (row: ServerParameter) => {
    const edit = edits[row.name];
    return edit === undefined ? row.value : (edit ?? row.defaultValue);
  };
  return [
    {
      id: 'name',
      header: 'Parameter',
      render: (row) => (
        <TextButton onClick={() => onOpen(row.name)}>
          <span className="line-clamp-3 text-left font-mono text-xs leading-tight [overflow-wrap:anywhere] whitespace-normal sm:text-sm">
            <Breakable text={row.name} />
          </span>
        </TextButton>
      ),
      sortBy: (row) => row.name,
      width: 'minmax(min(230px, 43vw), 1.5fr)',
      fixed: true,
      rowHeader: true,
    },
    {
      id: 'value',
      header: 'Value',
      render: (row) =>
        row.isReadOnly ? (
          <span className="block truncate font-mono text-sm" title={row.value}>
            {row.value || '–'}
          </span>
        ) : (
          <ValueEditor
            parameter={row}
            value={wanted(row)}
            onChange={(value) => onEdit(row, value)}
            problem={editProblem(row, edits)}
            disabledReason={unchangeable}
          />
        ),
      width: 'minmax(min(210px, 42vw), 1.3fr)',
      fixed: true,
    },
    ...(compared ? [comparedColumn(compared, options, wanted)] : []),
    {
      id: 'default',
      header: 'Default',
      render: (row) => (
        <span className="block truncate font-mono text-sm text-text-2" title={row.defaultValue}>
          {row.defaultValue || '–'}
        </span>
      ),
      width: 'minmax(130px, 0.8fr)',
    },
    {
      id: 'allowed',
      header: 'Allowed',
      render: (row) => (
        <span className="block truncate text-text-2" title={row.allowedValues}>
          {row.isReadOnly ? 'set by the service' : row.allowedValues.replaceAll(',', ', ') || 'checked by MySQL'}
        </span>
      ),
      width: 'minmax(130px, 0.9fr)',
    },
    {
      id: 'kind',
      header: 'Takes effect',
      render: (row) => (row.isReadOnly ? '–' : row.isDynamic ? 'at once' : 'at a restart'),
      sortBy: (row) => (row.isReadOnly ? undefined : row.isDynamic),
      width: 'minmax(138px, 0.5fr)',
    },
    {
      id: 'state',
      header: 'State',
      render: (row) => <StatePill row={row} isEdited={row.name in edits} />,
      width: 'minmax(150px, 0.6fr)',
    },
    {
      id: 'reset',
      header: 'Reset',
      align: 'right',
      width: '70px',
      fixed: true,
      render: (row) =>
        row.isReadOnly ? null : (
          <IconButton
            icon={RotateCcw}
            size={24}
            label={row.name in edits ? `Discard the edit of ${row.name}` : `Reset ${row.name} to its default`}
            disabledReason={
              unchangeable ?? (!(row.name in edits) && !row.isModified ? 'It has its default already.' : undefined)
            }
            onClick={() => onEdit(row, row.name in edits ? row.value : null)}
          />
        ),
    },
  ];
}

function comparedColumn(
  compared: NonNullable<ColumnOptions['compared']>,
  { onEdit, unchangeable }: ColumnOptions,
  wanted: (row: ServerParameter) => string,
): DataColumn<ServerParameter> {
  return {
    id: 'compared',
    header: compared.name,
    width: 'minmax(170px, 1fr)',
    render: (row) => {
      const other = compared.values.get(row.name);
      if (other === undefined) return <span className="text-text-3">not there</span>;
      const differs = !isSameValue(row, other, wanted(row));
      return (
        <span className="flex items-center gap-2">
          <span
            className={differs ? 'truncate font-mono text-sm font-semibold' : 'truncate font-mono text-sm text-text-3'}
            title={other}
          >
            {other || '–'}
          </span>
          {differs && !row.isReadOnly && !unchangeable && (
            <TextButton onClick={() => onEdit(row, other)}>Take</TextButton>
          )}
        </span>
      );
    },
  };
}

function StatePill({ row, isEdited }: { row: ServerParameter; isEdited: boolean }) {
  if (isEdited) return <Pill tone="accent">Edited</Pill>;
  if (row.isPendingRestart) return <Pill tone="warn">Waits for a restart</Pill>;
  if (row.isModified) return <Pill tone="ok">Modified</Pill>;
  return row.isReadOnly ? <span className="text-text-3">read-only</span> : null;
}
