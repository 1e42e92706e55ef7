import { useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/ui/card';
import { DataTable } from '@/components/ui/data-table';
import { QueryRegion } from '@/components/ui/query-region';
import { Select } from '@/components/ui/select';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { DataColumn } from '@/components/ui/table-columns';
import type { StatementOrder, TopStatement, TopStatements } from '@/lib/arm/local/query-insights';
import type { ServerKey } from '@/lib/arm/resource-id';
import { topStatementsQuery } from '@/lib/queries/query-insights';
import { readableDigest } from '@/lib/rules/digest-text';
import { formatCount, formatSeconds } from '@/lib/rules/seconds';
import { CostChart } from './cost-chart';
import type { QueryInsightsActions } from './query-insights-actions';
import { StatementPane } from './statement-pane';

const ORDERS: Record<StatementOrder, string> = {
  totalTime: 'Total time',
  averageTime: 'Average time',
  count: 'Runs',
  rowsExamined: 'Rows read',
  errors: 'Errors',
  noIndex: 'Runs without an index',
};
const ORDER_IDS = Object.keys(ORDERS) as StatementOrder[];

interface StatementsTabProps {
  server: ServerKey;
  spanMs: number;
  timeChoice: ReactNode;
  explain: QueryInsightsActions['explain'];
}

/** Which statements cost most in a time. */
export function StatementsTab({ server, spanMs, timeChoice, explain }: StatementsTabProps) {
  const [order, setOrder] = useQueryState('order', parseAsStringLiteral(ORDER_IDS).withDefault('totalTime'));
  const [open, setOpen] = useQueryState('statement', parseAsString.withOptions({ history: 'push' }));
  const query = useQuery(topStatementsQuery(server, spanMs, order));
  return (
    <div className="mt-3 grid gap-[18px] [&>*]:min-w-0">
      <div className="flex flex-wrap items-end gap-x-3">
        {timeChoice}
        <div className="w-56">
          <Select
            label="Order by"
            layout="stack"
            options={ORDER_IDS.map((id) => ({ id, label: ORDERS[id] }))}
            value={order}
            onChange={(id) => void setOrder(id as StatementOrder)}
          />
        </div>
      </div>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={8} columns={5} />}
        isEmpty={({ total }) => total.count === 0}
        empty={
          <Card>
            <EmptyState icon={Gauge} title="No statement was measured in this time">
              What clients run is summed up each minute: run something, or choose a longer time.
            </EmptyState>
          </Card>
        }
      >
        {(data) => <Found data={data} spanMs={spanMs} onOpen={setOpen} />}
      </QueryRegion>
      {open !== null && (
        <StatementPane
          key={open}
          server={server}
          spanMs={spanMs}
          id={open}
          explain={explain}
          onClose={() => void setOpen(null)}
        />
      )}
    </div>
  );
}

function Found({ data, spanMs, onOpen }: { data: TopStatements; spanMs: number; onOpen: (id: string) => unknown }) {
  const { value, total, trend, interval, waits } = data;
  const columns = useMemo(() => columnsOf(total.totalSeconds, onOpen), [total.totalSeconds, onOpen]);
  const longest = waits[0]?.totalSeconds ?? 0;
  return (
    <>
      <div className="grid gap-[18px] lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title="Load" aside={`${formatCount(total.count)} runs, ${formatSeconds(total.totalSeconds)} in all`}>
          <CostChart label="Time spent in statements" trend={trend} interval={interval} spanMs={spanMs} height={220} />
        </Card>
        <Card title="Waits" aside="of all sessions">
          {waits.length === 0 && <p className="text-text-3">Nothing was waited for.</p>}
          <ul className="grid gap-2">
            {waits.slice(0, 6).map(({ kind, count, totalSeconds }) => (
              <li key={kind}>
                <p className="flex justify-between gap-3">
                  <span className="truncate">{WAITS[kind] ?? kind}</span>
                  <span className="text-text-2 tabular-nums">{formatSeconds(totalSeconds)}</span>
                </p>
                <Bar share={longest > 0 ? totalSeconds / longest : 0} />
                <p className="text-xs text-text-3">
                  {kind} · {formatCount(count)} {count === 1 ? 'time' : 'times'}
                </p>
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <Card title="Statements" aside="values are shown as ?" flush>
        <DataTable
          label="Top statements"
          columns={columns}
          rows={value}
          rowId={({ id }) => id}
          rowName={({ text }) => readableDigest(text).slice(0, 80)}
          onOpen={({ id }) => onOpen(id)}
          columnChooser
          rowHeight={44}
        />
      </Card>
    </>
  );
}

const WAITS: Record<string, string> = {
  'wait/io/file': 'Files',
  'wait/io/table': 'Tables',
  'wait/io/socket': 'Network',
  'wait/lock/table': 'Table locks',
  'wait/lock/metadata': 'Metadata locks',
  'wait/synch/mutex': 'Mutexes',
};

function Bar({ share }: { share: number }) {
  return (
    <span aria-hidden className="mt-1 block h-1 rounded bg-sunken">
      <span className="block h-1 rounded bg-series-1" style={{ width: `${Math.max(1, share * 100)}%` }} />
    </span>
  );
}

function columnsOf(allSeconds: number, onOpen: (id: string) => unknown): DataColumn<TopStatement>[] {
  const number = (
    id: string,
    header: string,
    value: (row: TopStatement) => number,
    format: (value: number) => string = formatCount,
    width = 'minmax(118px, 0.6fr)',
  ): DataColumn<TopStatement> => ({
    id,
    header,
    align: 'right',
    width,
    sortBy: value,
    render: (row) => <span className="whitespace-nowrap tabular-nums">{format(value(row))}</span>,
  });
  return [
    {
      id: 'statement',
      header: 'Statement',
      width: 'minmax(190px, 4fr)',
      fixed: true,
      rowHeader: true,
      render: ({ id, text }) => (
        <button
          type="button"
          title={readableDigest(text)}
          onClick={() => void onOpen(id)}
          className="block w-full cursor-pointer truncate text-left font-mono text-sm text-accent hover:underline"
        >
          {readableDigest(text)}
        </button>
      ),
    },
    {
      id: 'total',
      header: 'Total time',
      width: 'minmax(130px, 1fr)',
      sortBy: ({ costs }) => costs.totalSeconds,
      render: ({ costs }) => {
        const share = allSeconds > 0 ? costs.totalSeconds / allSeconds : 0;
        return (
          <span className="block w-full">
            <span className="flex justify-between gap-2 tabular-nums">
              {formatSeconds(costs.totalSeconds)}
              <span className="text-text-3">{(share * 100).toFixed(0)} %</span>
            </span>
            <Bar share={share} />
          </span>
        );
      },
    },
    number('average', 'Average', ({ costs }) => costs.averageSeconds, formatSeconds),
    number('count', 'Runs', ({ costs }) => costs.count),
    number('examined', 'Rows read', ({ costs }) => costs.rowsExamined),
    number('noIndex', 'No index', ({ costs }) => costs.noIndexCount),
    number('errors', 'Errors', ({ costs }) => costs.errors),
    { id: 'database', header: 'Database', width: 'minmax(90px, 0.8fr)', render: ({ database }) => database || '–' },
  ];
}
