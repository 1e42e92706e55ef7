'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { Select } from '@/components/ui/select';
import { UrlTabs } from '@/components/ui/tabs';
import { AdviceTab } from './advice-tab';
import type { QueryInsightsActions } from './query-insights-actions';
import { LocksTab } from './locks-tab';
import { SessionsTab } from './sessions-tab';
import { StatementsTab } from './statements-tab';

const HOUR = 3_600_000;
const SPANS = [
  { id: '15m', label: 'Last 15 minutes', ms: HOUR / 4 },
  { id: '1h', label: 'Last hour', ms: HOUR },
  { id: '6h', label: 'Last 6 hours', ms: 6 * HOUR },
  { id: '1d', label: 'Last 24 hours', ms: 24 * HOUR },
  { id: '7d', label: 'Last 7 days', ms: 168 * HOUR },
  { id: '30d', label: 'Last 30 days', ms: 720 * HOUR },
] as const;

/** What costs time on this server: statements, sessions, locks, and which indexes would help. */
export function QueryInsightsBlade({ actions }: { actions: QueryInsightsActions }) {
  const key = useServerKey();
  const [range, setRange] = useQueryState(
    'range',
    parseAsStringLiteral(SPANS.map(({ id }) => id))
      .withDefault('1h')
      .withOptions({ history: 'push' }),
  );
  const spanMs = SPANS.find(({ id }) => id === range)!.ms;
  const choice = (
    <div className="w-48">
      <Select
        label="Time"
        layout="stack"
        options={SPANS.map(({ id, label }) => ({ id, label }))}
        value={range}
        onChange={(id) => void setRange(id as typeof range)}
      />
    </div>
  );
  return (
    <ServerBlade title="Query insights" width="wide">
      <UrlTabs
        label="Query insights"
        tabs={[
          {
            id: 'statements',
            label: 'Statements',
            content: <StatementsTab server={key} spanMs={spanMs} timeChoice={choice} explain={actions.explain} />,
          },
          { id: 'sessions', label: 'Sessions', content: <SessionsTab server={key} kill={actions.kill} /> },
          { id: 'locks', label: 'Locks', content: <LocksTab server={key} kill={actions.kill} /> },
          {
            id: 'advice',
            label: 'Index advice',
            content: <AdviceTab server={key} spanMs={spanMs} timeChoice={choice} />,
          },
        ]}
      />
    </ServerBlade>
  );
}
