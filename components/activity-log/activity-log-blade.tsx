'use client';

import { useQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { parseAsInteger, parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { Card } from '@/components/ui/card';
import { classNames } from '@/components/ui/class-names';
import { DataTable } from '@/components/ui/data-table';
import type { DataColumn } from '@/components/ui/table-columns';
import { QueryRegion } from '@/components/ui/query-region';
import { Select } from '@/components/ui/select';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { TextField } from '@/components/ui/text-field';
import { TextButton } from '@/components/ui/text-button';
import { Time } from '@/components/ui/time';
import { activityLogQuery } from '@/lib/queries/activity-log';
import { callerWords, groupActivity, type Activity } from '@/lib/rules/activity';
import { ActivityPane } from './activity-pane';
import { ActivityStatus, activityTitle } from './activity-words';

const RANGES = [
  { id: '1', label: 'Last hour' },
  { id: '24', label: 'Last 24 hours' },
  { id: '168', label: 'Last 7 days' },
  { id: '720', label: 'Last 30 days' },
  { id: '2160', label: 'Last 90 days' },
];
const STATUSES = ['All', 'Succeeded', 'Failed', 'Started'].map((id) => ({
  id,
  label: id === 'All' ? 'Any status' : id,
}));

/** Who did what to this server, when, and how it ended. */
export function ActivityLogBlade() {
  const key = useServerKey();
  const [hours, setHours] = useQueryState('hours', parseAsInteger.withDefault(24));
  const [text, setText] = useQueryState('filter', parseAsString.withDefault('').withOptions({ throttleMs: 300 }));
  const [status, setStatus] = useQueryState('status', parseAsString.withDefault('All'));
  const [opened, setOpened] = useQueryState('event', parseAsString.withOptions({ history: 'push' }));
  const query = useQuery(activityLogQuery(key, hours));

  const columns = useMemo<DataColumn<Activity>[]>(
    () => [
      {
        id: 'operation',
        header: 'Operation',
        width: 'minmax(190px, 2.4fr)',
        fixed: true,
        rowHeader: true,
        sortBy: activityTitle,
        render: (row) => (
          <>
            <TextButton
              onClick={() => void setOpened(row.id)}
              className="max-w-full truncate align-bottom max-sm:whitespace-normal!"
            >
              {activityTitle(row)}
            </TextButton>
            {/* On phones the columns at the right are a swipe away. */}
            <span className="block text-xs whitespace-normal text-text-3 sm:hidden">
              <Time value={row.at} /> by {callerWords(row.caller)}
            </span>
          </>
        ),
      },
      {
        id: 'status',
        header: 'Status',
        width: '140px',
        sortBy: (row) => row.status,
        render: (row) => <ActivityStatus status={row.status} />,
      },
      {
        id: 'at',
        header: 'Time',
        width: '190px',
        sortBy: (row) => row.at,
        render: (row) => <Time value={row.at} seconds />,
      },
      {
        id: 'caller',
        header: 'By',
        width: 'minmax(210px, 1.2fr)',
        sortBy: (row) => row.caller,
        render: (row) => callerWords(row.caller),
      },
      {
        id: 'story',
        header: 'What came of it',
        width: 'minmax(200px, 2.4fr)',
        render: (row) => {
          const words = row.error ?? row.story;
          return (
            words && (
              <span className={classNames('line-clamp-2 whitespace-normal', row.error ? 'text-bad' : 'text-text-2')}>
                {words}
              </span>
            )
          );
        },
      },
    ],
    [setOpened],
  );
  const matches = (row: Activity) =>
    (status === 'All' || row.status === status) &&
    `${activityTitle(row)} ${row.error ?? row.story ?? ''} ${row.caller} ${row.correlationId} ${row.operation}`
      .toLowerCase()
      .includes(text.toLowerCase());
  const activities = useMemo(() => groupActivity(query.data ?? []), [query.data]);
  const rows = activities.filter(matches);

  const filters = (
    <div className="flex flex-wrap gap-x-3 border-b border-line px-4 py-1">
      <div className="w-full sm:w-64">
        <TextField
          label="Filter"
          layout="stack"
          type="search"
          placeholder="Operation, person, correlation id"
          value={text}
          onChange={(event) => void setText(event.target.value || null)}
        />
      </div>
      <div className="w-full sm:w-44">
        <Select
          label="Time"
          layout="stack"
          options={RANGES}
          value={String(hours)}
          onChange={(id) => void setHours(Number(id))}
        />
      </div>
      <div className="w-full sm:w-44">
        <Select label="Status" layout="stack" options={STATUSES} value={status} onChange={(id) => void setStatus(id)} />
      </div>
    </div>
  );

  return (
    <ServerBlade title="Activity log" width="wide">
      <Card flush>
        {filters}
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={6} columns={4} />}
          isEmpty={() => rows.length === 0}
          empty={
            <EmptyState
              icon={ScrollText}
              title={activities.length === 0 ? 'Nothing happened in this time' : 'Nothing matches'}
            >
              {activities.length === 0
                ? 'Every change of the server, its rules, databases and parameters is listed here for 90 days.'
                : 'Take the filter away or choose a longer time.'}
            </EmptyState>
          }
        >
          {() => (
            <DataTable
              label="Activity log"
              columns={columns}
              rows={rows}
              rowId={(row) => row.id}
              rowName={activityTitle}
              onOpen={(row) => void setOpened(row.id)}
            />
          )}
        </QueryRegion>
      </Card>
      <ActivityPane activity={activities.find(({ id }) => id === opened)} onClose={() => void setOpened(null)} />
    </ServerBlade>
  );
}
