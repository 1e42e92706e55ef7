import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange } from '@/components/servers/use-server-change';
import { Switch } from '@/components/ui/checkbox';
import { Combobox } from '@/components/ui/combobox';
import { DataTable } from '@/components/ui/data-table';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { DataColumn } from '@/components/ui/table-columns';
import { TextButton } from '@/components/ui/text-button';
import { TextField } from '@/components/ui/text-field';
import type { ComparedTable, RecoverTablesRequest } from '@/lib/arm/local/backup';
import { serverId, serverKeyOf, type ServerKey } from '@/lib/arm/resource-id';
import { compareTablesQuery } from '@/lib/queries/backups';
import { serversQuery } from '@/lib/queries/servers';
import { describeRecoverTables } from '@/lib/rules/backup-changes';
import type { BackupActions } from './backup-actions';

const COLUMNS: DataColumn<ComparedTable>[] = [
  {
    id: 'table',
    header: 'Table',
    render: ({ database, table }) => `${database}.${table}`,
    sortBy: ({ database, table }) => `${database}.${table}`,
    width: 'minmax(110px, 2fr)',
    rowHeader: true,
  },
  {
    id: 'here',
    header: 'Rows here',
    align: 'right',
    render: ({ rowsHere }) => rowsOf(rowsHere),
    sortBy: ({ rowsHere }) => rowsHere ?? -1,
    width: 'minmax(92px, 1fr)',
  },
  {
    id: 'there',
    header: 'Rows then',
    align: 'right',
    render: ({ rowsThere }) => rowsOf(rowsThere),
    sortBy: ({ rowsThere }) => rowsThere ?? -1,
    width: 'minmax(92px, 1fr)',
  },
];

/** What the id of a row holds. */
interface ChosenTable {
  database: string;
  table: string;
  /** There is a table of that name on the server that it is copied to. */
  isHere: boolean;
}

interface RecoverPaneProps {
  server: ServerKey;
  run: BackupActions['recoverTables'];
  problem: string | undefined;
  onRestore: () => void;
  onClose: () => void;
}

/** Copies tables back from a server that was restored from this one: which server, which tables, under which names. */
export function RecoverPane({ server, run, problem, onRestore, onClose }: RecoverPaneProps) {
  const [restoredId, setRestoredId] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [suffix, setSuffix] = useState('_restored');
  const [overwrite, setOverwrite] = useState(false);
  const change = useServerChange(server, run);
  const servers = useQuery(serversQuery(server.subscriptionId));
  const own = serverId(server).toLowerCase();
  const others = (servers.data ?? []).filter(
    ({ id, properties }) => id.toLowerCase() !== own && properties.state === 'Ready',
  );
  // The usual name comes first, so that it need not be looked for.
  const sorted = others.toSorted(
    (a, b) => Number(b.name.startsWith(server.serverName)) - Number(a.name.startsWith(server.serverName)),
  );
  const restored = restoredId === undefined ? undefined : serverKeyOf(restoredId);
  const request: RecoverTablesRequest | undefined = useMemo(() => {
    if (!restoredId || chosen.size === 0) return undefined;
    const tables = [...chosen].map((id) => {
      const { database, table, isHere } = JSON.parse(id) as ChosenTable;
      // What is missing comes back under its own name.
      return { database, table, ...(!overwrite && suffix && isHere && { toTable: `${table}${suffix}` }) };
    });
    return { restoredServerResourceId: restoredId, tables, ...(overwrite && { overwrite: true }) };
  }, [restoredId, chosen, suffix, overwrite]);
  const close = () => {
    change.reset();
    onClose();
  };
  const apply = async () => {
    if (request && (await change.submit(`Bringing tables back to ${server.serverName}`, server, request))) close();
  };
  return (
    <ChangePane
      isOpen
      onClose={close}
      title="Bring back tables"
      subtitle={server.serverName}
      change={request && describeRecoverTables(server, request)}
      applyLabel="Copy tables"
      applyDisabledReason={
        problem ??
        (restored ? undefined : 'Choose the restored server.') ??
        (chosen.size === 0 ? 'Choose tables.' : undefined)
      }
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>
        First restore to a new server at the moment before the mistake. Then choose it here, compare its tables with
        those of {server.serverName}, and copy what is missing.
      </p>
      {servers.data && others.length === 0 ? (
        <Notice
          tone="info"
          title="There is no other server that is Ready."
          action={<TextButton onClick={onRestore}>Restore to a new server</TextButton>}
        />
      ) : (
        <Combobox
          label="Restored server"
          layout="stack"
          loading={servers.isPending}
          value={restoredId ?? null}
          onChange={(id) => {
            setRestoredId(id);
            setChosen(new Set());
          }}
          options={sorted.map(({ id, name }) => ({ id, label: name }))}
        />
      )}
      {restored && <Tables server={server} restored={restored} chosen={chosen} onChange={setChosen} />}
      {restored && (
        <>
          <Switch
            label="Replace tables of the same name"
            description="What is in them now is lost."
            checked={overwrite}
            onChange={setOverwrite}
          />
          {!overwrite && (
            <TextField
              label="Ending of the copies’ names"
              layout="stack"
              mono
              value={suffix}
              onChange={(event) => setSuffix(event.target.value)}
              description={
                suffix
                  ? `orders is copied to orders${suffix} where there is an orders; what is missing comes back under its own name.`
                  : 'Tables that are there already are refused.'
              }
            />
          )}
        </>
      )}
    </ChangePane>
  );
}

function Tables({
  server,
  restored,
  chosen,
  onChange,
}: {
  server: ServerKey;
  restored: ServerKey;
  chosen: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
}) {
  const query = useQuery({ ...compareTablesQuery(server, restored), retry: false });
  return (
    <QueryRegion
      query={query}
      skeleton={<SkeletonRows rows={4} columns={3} />}
      isEmpty={(tables) => tables.every(({ rowsThere }) => rowsThere === null)}
      empty={<EmptyState title="No tables there">The restored server has no table of its own databases.</EmptyState>}
    >
      {(tables) => (
        <DataTable
          label={`Tables of ${server.serverName} and ${restored.serverName}`}
          columns={COLUMNS}
          rows={tables.filter(({ rowsThere }) => rowsThere !== null)}
          rowId={({ database, table, rowsHere }) =>
            JSON.stringify({ database, table, isHere: rowsHere !== null } satisfies ChosenTable)
          }
          rowName={({ database, table }) => `${database}.${table}`}
          selected={chosen}
          onSelectedChange={onChange}
          maxHeight={300}
        />
      )}
    </QueryRegion>
  );
}

function rowsOf(rows: number | null): string {
  return rows === null ? 'no table' : rows.toLocaleString('en-US');
}
