'use client';

import { useQuery } from '@tanstack/react-query';
import { Cable, Database as DatabaseIcon, Plus, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import type { BeginAction } from '@/components/servers/use-server-change';
import { useServer } from '@/components/servers/use-server';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { DataTable } from '@/components/ui/data-table';
import { loadModal } from '@/components/ui/dialog';
import type { DataColumn } from '@/components/ui/table-columns';
import { IconButton, IconLink } from '@/components/ui/icon-button';
import { onIntent } from '@/components/ui/on-intent';
import { QueryRegion, toErrorWords } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { SearchBox } from '@/components/ui/text-field';
import type { Database } from '@/lib/arm/mysql/database';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { databasesQuery } from '@/lib/queries/databases';
import { usePermission } from '@/lib/queries/permissions';
import { formatBytes } from '@/lib/rules/bytes';
import { isSystemDatabase } from '@/lib/rules/names';
import { actionProblem } from '@/lib/rules/server-actions';

// Panes are fetched when they are opened.
const loadCreate = () => import('./create-database-pane');
const loadDelete = () => import('./delete-database-dialog');
const CreateDatabasePane = dynamic(() => import('./create-database-pane').then((module) => module.CreateDatabasePane));
const DeleteDatabaseDialog = dynamic(() =>
  import('./delete-database-dialog').then((module) => module.DeleteDatabaseDialog),
);

export interface DatabaseActions {
  create: BeginAction<[ServerKey, { name: string; charset: string; collation: string }]>;
  remove: BeginAction<[ServerKey, name: string]>;
}

/** The databases of a server: list, create, delete. */
export function DatabasesBlade({ actions }: { actions: DatabaseActions }) {
  const key = useServerKey();
  const server = useServer(key);
  const state = server.data?.properties.state;
  const stopped = state ? actionProblem('databases', state) : undefined;
  const query = useQuery({ ...databasesQuery(key), enabled: state !== undefined && !stopped });
  const [pane, setPane] = useQueryState('pane', parseAsString.withOptions({ history: 'push' }));
  const [target, setTarget] = useQueryState('database', parseAsString);
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/databases/write');
  const mayDelete = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/databases/delete');
  const [filter, setFilter] = useQueryState('filter', parseAsString.withDefault('').withOptions({ throttleMs: 300 }));
  const words = useDeferredValue(filter).toLowerCase();
  const createProblem = mayWrite ?? stopped;
  const openCreate = () => void setPane('create');
  const close = () => {
    void setPane(null);
    void setTarget(null);
  };

  const deleteProblem = useCallback(
    (name: string) =>
      isSystemDatabase(name) ? 'One of MySQL’s own databases: it can’t be deleted.' : (mayDelete ?? stopped),
    [mayDelete, stopped],
  );
  const connect = paths.server(key, 'connect');
  const columns = useMemo<DataColumn<Database>[]>(() => {
    const remove = (database: Database) => {
      void setTarget(database.name);
      void setPane('delete');
    };
    return [
      {
        id: 'name',
        header: 'Name',
        render: (row) => (
          <span className="font-mono text-sm [overflow-wrap:anywhere] whitespace-normal">{row.name}</span>
        ),
        sortBy: (row) => row.name,
        width: 'minmax(180px, 2fr)',
        fixed: true,
        rowHeader: true,
      },
      {
        id: 'size',
        header: 'Size',
        align: 'right',
        render: (row) => (typeof row.properties.sizeBytes === 'number' ? formatBytes(row.properties.sizeBytes) : '–'),
        sortBy: (row) => row.properties.sizeBytes,
        width: 'minmax(90px, 0.6fr)',
      },
      {
        id: 'charset',
        header: 'Character set',
        render: (row) => row.properties.charset ?? '–',
        sortBy: (row) => row.properties.charset,
      },
      {
        id: 'collation',
        header: 'Collation',
        render: (row) => row.properties.collation ?? '–',
        sortBy: (row) => row.properties.collation,
        width: 'minmax(170px, 1.4fr)',
      },
      {
        id: 'delete',
        header: 'Actions',
        pinned: true,
        align: 'right',
        width: '88px',
        fixed: true,
        render: (row) => (
          <span className="inline-flex gap-2">
            {!isSystemDatabase(row.name) && (
              <IconLink
                icon={Cable}
                label={`Connect to ${row.name}`}
                size={24}
                href={`${connect}?${new URLSearchParams({ database: row.name })}`}
              />
            )}
            <IconButton
              icon={Trash2}
              label={`Delete ${row.name}`}
              size={24}
              disabledReason={deleteProblem(row.name)}
              onClick={() => remove(row)}
              {...onIntent(loadDelete, loadModal)}
            />
          </span>
        ),
      },
    ];
  }, [connect, deleteProblem, setPane, setTarget]);

  const empty = (
    <EmptyState
      icon={DatabaseIcon}
      title="No database of your own yet"
      action={
        <Button
          variant="primary"
          icon={Plus}
          onClick={openCreate}
          disabledReason={createProblem}
          {...onIntent(loadCreate, loadModal)}
        >
          Create a database
        </Button>
      }
    >
      A server holds any number of them; most applications use one of their own.
    </EmptyState>
  );

  return (
    <ServerBlade
      title="Databases"
      width="wide"
      commands={[
        {
          id: 'create',
          label: 'Create',
          icon: Plus,
          onSelect: openCreate,
          disabledReason: createProblem,
          load: loadCreate,
        },
      ]}
    >
      <Card flush>
        {server.error && !server.data ? (
          <ErrorState error={toErrorWords(server.error)} onRetry={() => void server.refetch()} />
        ) : stopped ? (
          <EmptyState icon={DatabaseIcon} title="The databases can’t be listed now">
            {stopped}
          </EmptyState>
        ) : (
          <QueryRegion
            query={query}
            skeleton={<SkeletonRows rows={4} columns={4} />}
            isEmpty={(list) => list.length === 0}
            empty={empty}
          >
            {(list) => (
              <>
                {list.every(({ name }) => isSystemDatabase(name)) && empty}
                <DataTable
                  label="Databases"
                  columns={columns}
                  rows={words === '' ? list : list.filter(({ name }) => name.toLowerCase().includes(words))}
                  rowId={(row) => row.name}
                  rowName={(row) => row.name}
                  toolbar={
                    <>
                      <SearchBox
                        label="Filter databases"
                        value={filter}
                        onChange={(next) => void setFilter(next || null)}
                      />
                      <span className="text-text-3">{countWords(list)}</span>
                    </>
                  }
                  empty={
                    <EmptyState
                      title="No database is called like that"
                      action={<Button onClick={() => void setFilter(null)}>Clear the filter</Button>}
                    />
                  }
                />
              </>
            )}
          </QueryRegion>
        )}
      </Card>
      {pane === 'create' && (
        <CreateDatabasePane
          server={key}
          run={actions.create}
          disabledReason={createProblem}
          onClose={close}
          taken={query.data ?? []}
        />
      )}
      {target && pane === 'delete' && (
        <DeleteDatabaseDialog
          server={key}
          run={actions.remove}
          name={target}
          disabledReason={deleteProblem(target)}
          onClose={close}
        />
      )}
    </ServerBlade>
  );
}

/** Of one's own and in all: `3 databases and 4 of MySQL’s own`. */
function countWords(list: readonly Database[]): string {
  const own = list.filter(({ name }) => !isSystemDatabase(name)).length;
  const ofMySql = list.length - own;
  return `${own.toLocaleString('en-US')} ${own === 1 ? 'database' : 'databases'}${ofMySql > 0 ? ` and ${ofMySql} of MySQL’s own` : ''}`;
}
