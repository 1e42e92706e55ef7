'use client';

import { RefreshCw, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { BladeFrame } from '@/components/blade/blade-frame';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { Card } from '@/components/ui/card';
import { DataTable } from '@/components/ui/data-table';
import { Notice } from '@/components/ui/notice';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { DataColumn } from '@/components/ui/table-columns';
import { TextButton } from '@/components/ui/text-button';
import { Time } from '@/components/ui/time';
import type { DeletedServer } from '@/lib/arm/local/backup';
import { serverKeyOf } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { deletedServersQuery } from '@/lib/queries/backups';
import { usePermission } from '@/lib/queries/permissions';
import { findRegion } from '@/lib/rules/regions';
import type { RestoreAction } from './backup-actions';
import type { RestoreSource } from './restore-pane';

// Fetched when it is opened.
const RestorePane = dynamic(() => import('./restore-pane').then((module) => module.RestorePane));

const OFTEN_MS = 30_000;

/** Servers that were deleted and can still be restored, each to a new server. */
export function DeletedServersBlade({ restore }: { restore: RestoreAction }) {
  const { chosen, query: subscriptions } = useChosenSubscriptions();
  const lists = useQueries({
    queries: chosen.map(({ subscriptionId }) => ({
      ...deletedServersQuery(subscriptionId),
      refetchInterval: OFTEN_MS,
      retry: false,
    })),
  });
  const [chosenId, choose] = useQueryState('restore', parseAsString.withOptions({ history: 'push' }));
  const rows = lists
    .flatMap(({ data }) => data ?? [])
    .toSorted((a, b) => b.properties.deletedAt.localeCompare(a.properties.deletedAt));
  // A cloud that has no such list answers that it knows no such type.
  const failures = lists.flatMap(({ error }) => (error ? [error] : []));
  const pending = subscriptions.isPending || lists.some(({ isPending }) => isPending);
  const one = rows.find(({ properties }) => properties.serverId === chosenId);
  const source = one && sourceOf(one);
  const mayWrite = usePermission(
    source ? `/subscriptions/${source.subscriptionId}/resourceGroups/${source.resourceGroup}` : '',
    'Microsoft.DBforMySQL/flexibleServers/write',
  );
  const columns = useMemo(() => columnsOf((id) => void choose(id)), [choose]);
  return (
    <BladeFrame
      crumbs={[
        { label: 'Home', href: paths.home() },
        { label: 'Servers', href: paths.servers() },
        { label: 'Deleted servers' },
      ]}
      title="Deleted servers"
      width="wide"
      commands={[
        {
          id: 'refresh',
          label: 'Refresh',
          icon: RefreshCw,
          onSelect: () => lists.forEach((list) => void list.refetch()),
          pending: lists.some(({ isFetching }) => isFetching),
        },
      ]}
      notices={failures.map((error) => (
        <Notice key={error.message} tone="warn" title="Some deleted servers could not be listed.">
          {error.message}
        </Notice>
      ))}
    >
      <Card flush>
        {pending ? (
          <SkeletonRows rows={3} columns={5} />
        ) : rows.length === 0 ? (
          <EmptyState icon={Trash2} title="No deleted server">
            The backups of a server are kept for 5 days after it was deleted. Until then it stands here, and can be
            restored to a new server.
          </EmptyState>
        ) : (
          <DataTable
            label="Deleted servers"
            columns={columns}
            rows={rows}
            rowId={({ properties }) => properties.serverId}
            rowName={({ name }) => name}
          />
        )}
      </Card>
      {source && (
        <RestorePane
          key={source.id}
          source={source}
          moment={undefined}
          run={restore}
          problem={
            mayWrite ??
            (one.properties.newestRestorePoint === null ? 'It was deleted before its first backup.' : undefined)
          }
          onClose={() => void choose(null)}
        />
      )}
    </BladeFrame>
  );
}

function columnsOf(choose: (id: string) => void): DataColumn<DeletedServer>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      render: ({ name }) => name,
      sortBy: ({ name }) => name,
      width: 'minmax(150px, 1.5fr)',
      rowHeader: true,
    },
    {
      id: 'group',
      header: 'Resource group',
      render: ({ id }) => serverKeyOf(id)?.resourceGroup ?? '–',
      sortBy: ({ id }) => serverKeyOf(id)?.resourceGroup,
      width: 'minmax(120px, 1fr)',
    },
    {
      id: 'location',
      header: 'Location',
      render: ({ location }) => findRegion(location)?.displayName ?? location,
      sortBy: ({ location }) => location,
      width: 'minmax(110px, 0.8fr)',
    },
    {
      id: 'deleted',
      header: 'Deleted',
      render: ({ properties }) => <Time value={properties.deletedAt} />,
      sortBy: ({ properties }) => properties.deletedAt,
      width: 'minmax(150px, 1fr)',
    },
    {
      id: 'until',
      header: 'Restorable until',
      render: ({ properties }) => <Time value={properties.restorableUntil} />,
      sortBy: ({ properties }) => properties.restorableUntil,
      width: 'minmax(150px, 1fr)',
    },
    {
      id: 'size',
      header: 'Size',
      render: ({ properties }) => `${properties.sku.name}, ${properties.storageSizeGB} GiB`,
      sortBy: ({ properties }) => properties.sku.name,
      width: 'minmax(200px, 1.4fr)',
    },
    {
      id: 'restore',
      header: 'Actions',
      pinned: true,
      align: 'right',
      width: '84px',
      fixed: true,
      render: ({ name, properties }) => (
        <TextButton aria-label={`Restore ${name}`} onClick={() => choose(properties.serverId)}>
          Restore
        </TextButton>
      ),
    },
  ];
}

function sourceOf({ id, name, location, properties }: DeletedServer): RestoreSource | undefined {
  const key = serverKeyOf(id);
  return (
    key && {
      id,
      ...key,
      name,
      location,
      sku: properties.sku,
      storageSizeGB: properties.storageSizeGB,
      backupRetentionDays: properties.backupRetentionDays,
      geoRedundant: properties.geoRestorable,
      estimates: false,
    }
  );
}
