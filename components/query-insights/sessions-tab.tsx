import { useQuery } from '@tanstack/react-query';
import { CircleStop, Unplug, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Card } from '@/components/ui/card';
import { Switch } from '@/components/ui/checkbox';
import { DataTable } from '@/components/ui/data-table';
import { IconButton } from '@/components/ui/icon-button';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { DataColumn } from '@/components/ui/table-columns';
import type { Session } from '@/lib/arm/local/session';
import type { ServerKey } from '@/lib/arm/resource-id';
import { sessionsQuery } from '@/lib/queries/query-insights';
import { formatSeconds } from '@/lib/rules/seconds';
import { KillPane, useKillProblem, type Doomed } from './kill-pane';
import type { QueryInsightsActions } from './query-insights-actions';

export const SESSIONS_EVERY_MS = 3_000;

/** Who is connected right now, and what they do. */
export function SessionsTab({ server, kill }: { server: ServerKey; kill: QueryInsightsActions['kill'] }) {
  const query = useQuery({ ...sessionsQuery(server), refetchInterval: SESSIONS_EVERY_MS });
  const [doomed, setDoomed] = useState<Doomed>();
  const [isAll, setIsAll] = useState(true);
  const problem = useKillProblem(server);
  const columns = useMemo(() => columnsOf(problem, setDoomed), [problem]);
  return (
    <div className="mt-3 grid gap-3 [&>*]:min-w-0">
      <Switch label="Idle sessions, too" checked={isAll} onChange={setIsAll} />
      <Card title="Sessions" aside="looked at every 3 seconds" flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={5} columns={6} />}
          isEmpty={({ value }) => value.length === 0}
          empty={
            <EmptyState icon={Users} title="Nobody is connected">
              Clients appear here as they connect. Flexdeck’s own sessions are not among them.
            </EmptyState>
          }
        >
          {({ value }) => (
            <DataTable
              label="Sessions"
              columns={columns}
              rows={isAll ? value : value.filter(({ command }) => command !== 'Sleep')}
              rowId={({ connectionId }) => String(connectionId)}
              rowName={({ connectionId }) => `session ${connectionId}`}
              columnChooser
            />
          )}
        </QueryRegion>
      </Card>
      {doomed && <KillPane server={server} doomed={doomed} kill={kill} onClose={() => setDoomed(undefined)} />}
    </div>
  );
}

function columnsOf(problem: string | undefined, onKill: (doomed: Doomed) => void): DataColumn<Session>[] {
  return [
    {
      id: 'id',
      header: 'Session',
      width: '108px',
      fixed: true,
      rowHeader: true,
      sortBy: ({ connectionId }) => connectionId,
      render: ({ connectionId }) => <span className="whitespace-nowrap tabular-nums">{connectionId}</span>,
    },
    {
      id: 'user',
      header: 'User',
      width: 'minmax(112px, 0.7fr)',
      sortBy: ({ user }) => user,
      render: ({ user }) => user,
    },
    {
      id: 'client',
      header: 'Client',
      width: 'minmax(130px, 0.9fr)',
      sortBy: ({ clientAddress }) => clientAddress ?? '',
      render: ({ clientAddress }) => clientAddress ?? '–',
    },
    { id: 'database', header: 'Database', width: 'minmax(90px, 0.7fr)', render: ({ database }) => database ?? '–' },
    {
      id: 'state',
      header: 'State',
      width: 'minmax(150px, 1.2fr)',
      render: ({ command, state }) => {
        const words = state && command !== 'Sleep' ? state : command === 'Sleep' ? 'idle' : command;
        return (
          <span title={words} className="block truncate">
            {words}
          </span>
        );
      },
    },
    {
      id: 'time',
      header: 'For',
      align: 'right',
      width: '96px',
      sortBy: ({ seconds }) => seconds,
      render: ({ seconds }) => <span className="whitespace-nowrap tabular-nums">{formatSeconds(seconds)}</span>,
    },
    {
      id: 'transaction',
      header: 'Transaction',
      align: 'right',
      width: '132px',
      sortBy: ({ transactionSeconds }) => transactionSeconds ?? -1,
      render: ({ transactionSeconds }) =>
        transactionSeconds === undefined ? (
          '–'
        ) : (
          <span className="whitespace-nowrap tabular-nums">{formatSeconds(transactionSeconds)}</span>
        ),
    },
    {
      id: 'statement',
      header: 'Statement',
      width: 'minmax(200px, 2.4fr)',
      render: ({ statement }) => (
        <span title={statement} className="block truncate font-mono text-sm">
          {statement ?? ''}
        </span>
      ),
    },
    {
      id: 'end',
      header: 'Actions',
      align: 'right',
      width: '92px',
      fixed: true,
      render: (session) => (
        <span className="flex justify-end gap-1">
          <IconButton
            icon={CircleStop}
            label={`End the statement of session ${session.connectionId}`}
            size={24}
            disabledReason={problem ?? (session.statement === undefined ? 'It runs nothing.' : undefined)}
            onClick={() => onKill({ session, kind: 'query' })}
          />
          <IconButton
            icon={Unplug}
            label={`End session ${session.connectionId}`}
            size={24}
            disabledReason={problem}
            onClick={() => onKill({ session, kind: 'connection' })}
          />
        </span>
      ),
    },
  ];
}
