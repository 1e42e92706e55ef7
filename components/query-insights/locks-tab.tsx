import { useQuery } from '@tanstack/react-query';
import { LockOpen, Unplug } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { Session } from '@/lib/arm/local/session';
import type { ServerKey } from '@/lib/arm/resource-id';
import { sessionsQuery } from '@/lib/queries/query-insights';
import { lockTree, type LockNode } from '@/lib/rules/lock-tree';
import { formatCount, formatSeconds } from '@/lib/rules/seconds';
import { KillPane, useKillProblem, type Doomed } from './kill-pane';
import type { QueryInsightsActions } from './query-insights-actions';
import { SESSIONS_EVERY_MS } from './sessions-tab';

/** Open transactions shorter than this are nothing to worry about. */
const LONG_SECONDS = 10;

/** Who holds up whom right now, and transactions that stay open. */
export function LocksTab({ server, kill }: { server: ServerKey; kill: QueryInsightsActions['kill'] }) {
  const query = useQuery({ ...sessionsQuery(server), refetchInterval: SESSIONS_EVERY_MS });
  const [doomed, setDoomed] = useState<Doomed>();
  const problem = useKillProblem(server);
  const end = (session: Session) => setDoomed({ session, kind: 'connection' });
  return (
    <div className="mt-3 grid gap-[18px] [&>*]:min-w-0">
      <Card title="Who waits for whom" aside="looked at every 3 seconds" flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={3} columns={3} />}
          isEmpty={({ waits }) => waits.length === 0}
          empty={
            <EmptyState icon={LockOpen} title="Nobody waits for a lock">
              Sessions that hold up others are drawn here, with those who wait below them.
            </EmptyState>
          }
        >
          {({ value, waits }) => {
            const sessions = new Map(value.map((session) => [session.connectionId, session]));
            return (
              <ul aria-label="Lock tree" className="px-4 py-3">
                {lockTree(waits).map((node) => (
                  <Branch key={node.connectionId} node={node} sessions={sessions} problem={problem} onEnd={end} />
                ))}
              </ul>
            );
          }}
        </QueryRegion>
      </Card>
      <Card title="Long transactions" aside={`open for ${LONG_SECONDS} seconds or more`} flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={2} columns={4} />}
          isEmpty={({ value }) => longOnes(value).length === 0}
          empty={
            <EmptyState title="No transaction is open for long">
              One that stays open keeps its locks and the old versions of rows, whether it does something or not.
            </EmptyState>
          }
        >
          {({ value }) => (
            <SimpleTable
              caption="Long transactions"
              rows={longOnes(value)}
              rowId={({ connectionId }) => String(connectionId)}
              columns={[
                { id: 'session', header: 'Session', render: ({ connectionId }) => connectionId },
                {
                  id: 'who',
                  header: 'Who',
                  render: ({ user, clientAddress }) => `${user}${clientAddress ? ` from ${clientAddress}` : ''}`,
                },
                {
                  id: 'open',
                  header: 'Open for',
                  align: 'right',
                  render: ({ transactionSeconds }) => formatSeconds(transactionSeconds!),
                },
                {
                  id: 'rows',
                  header: 'Rows locked, changed',
                  align: 'right',
                  render: ({ rowsLocked, rowsModified }) =>
                    `${formatCount(rowsLocked ?? 0)}, ${formatCount(rowsModified ?? 0)}`,
                },
                {
                  id: 'does',
                  header: 'Does',
                  render: ({ statement }) =>
                    statement ? <code className="text-sm break-words">{statement}</code> : <i>nothing: idle</i>,
                },
              ]}
            />
          )}
        </QueryRegion>
      </Card>
      {doomed && <KillPane server={server} doomed={doomed} kill={kill} onClose={() => setDoomed(undefined)} />}
    </div>
  );
}

function longOnes(sessions: readonly Session[]): Session[] {
  return sessions
    .filter(({ transactionSeconds }) => (transactionSeconds ?? 0) >= LONG_SECONDS)
    .sort((one, other) => other.transactionSeconds! - one.transactionSeconds!);
}

function Branch({
  node,
  sessions,
  problem,
  onEnd,
}: {
  node: LockNode;
  sessions: ReadonlyMap<number, Session>;
  problem: string | undefined;
  onEnd: (session: Session) => void;
}) {
  const { connectionId, wait, waiters, blocked } = node;
  const session = sessions.get(connectionId);
  return (
    <li className="relative py-1.5">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1 rounded border border-line bg-surface px-3 py-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <b className="font-semibold">Session {connectionId}</b>
            {session && (
              <span className="text-text-2">
                {session.user}
                {session.clientAddress ? ` from ${session.clientAddress}` : ''}
              </span>
            )}
            {blocked > 0 && <Pill tone={wait ? 'warn' : 'bad'}>{`holds up ${blocked}`}</Pill>}
          </p>
          {wait && (
            <p className="text-text-2">
              waits {wait.seconds === undefined ? '' : `${formatSeconds(wait.seconds)} `}for a {wait.kind} lock on{' '}
              <span className="font-mono text-sm">
                {wait.object}
                {wait.index ? ` (${wait.index})` : ''}
              </span>{' '}
              <span className="text-text-3">{wait.mode}</span>
            </p>
          )}
          {session && (
            <p className="font-mono text-sm break-words">
              {session.statement ?? (
                <span className="font-sans text-text-3">
                  idle
                  {session.transactionSeconds === undefined
                    ? ''
                    : ` in a transaction that is open for ${formatSeconds(session.transactionSeconds)}`}
                </span>
              )}
            </p>
          )}
        </div>
        {session && (
          <Button icon={Unplug} onClick={() => onEnd(session)} disabledReason={problem}>
            {`End session ${connectionId}`}
          </Button>
        )}
      </div>
      {waiters.length > 0 && (
        <ul aria-label={`Waiting for session ${connectionId}`} className="ml-4 border-l-2 border-line pl-4">
          {waiters.map((waiter) => (
            <Branch key={waiter.connectionId} node={waiter} sessions={sessions} problem={problem} onEnd={onEnd} />
          ))}
        </ul>
      )}
    </li>
  );
}
