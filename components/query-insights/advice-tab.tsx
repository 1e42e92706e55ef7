import { useQuery } from '@tanstack/react-query';
import { ListTree } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { IndexAdvice } from '@/lib/arm/local/query-insights';
import type { ServerKey } from '@/lib/arm/resource-id';
import { indexAdviceQuery } from '@/lib/queries/query-insights';

const TITLES: Record<IndexAdvice['kind'], string> = {
  missing: 'An index may help',
  redundant: 'Another index does the same',
  unused: 'Nothing reads this index',
};

/** Which indexes would help and which only cost, with what speaks for it. */
export function AdviceTab({
  server,
  spanMs,
  timeChoice,
}: {
  server: ServerKey;
  spanMs: number;
  timeChoice: ReactNode;
}) {
  const query = useQuery(indexAdviceQuery(server, spanMs));
  return (
    <div className="mt-3 grid gap-3 [&>*]:min-w-0">
      {timeChoice}
      <Card title="Index advice" aside="to be judged by a person: nothing is changed here" flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={3} columns={2} />}
          isEmpty={({ value }) => value.length === 0}
          empty={
            <EmptyState icon={ListTree} title="There is no advice">
              Statements that read many rows without an index, and indexes that nothing reads, would be named here.
              Joins are not judged: open a statement and explain it.
            </EmptyState>
          }
        >
          {({ value, countedSince }) => (
            <>
              <p className="border-b border-line px-4 py-2 text-text-3">
                What an index is used for is counted since <Time value={countedSince} />, when MySQL was started.
              </p>
              <ul aria-label="Index advice">
                {value.map((advice) => (
                  <li
                    key={`${advice.kind} ${advice.database} ${advice.table} ${advice.index ?? advice.statementId}`}
                    className="border-b border-line px-4 py-3 last:border-0"
                  >
                    <p className="flex flex-wrap items-baseline gap-x-3">
                      <Pill tone={advice.kind === 'missing' ? 'warn' : 'off'}>{TITLES[advice.kind]}</Pill>
                      <b className="font-mono text-sm font-semibold">
                        {advice.database}.{advice.table}
                        {advice.index ? ` (${advice.index})` : ''}
                      </b>
                    </p>
                    <p className="my-1.5 text-text-2">{advice.evidence}</p>
                    {advice.statement && <CodeBlock label={TITLES[advice.kind]} code={advice.statement} />}
                  </li>
                ))}
              </ul>
            </>
          )}
        </QueryRegion>
      </Card>
    </div>
  );
}
