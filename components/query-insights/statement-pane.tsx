import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { DefinitionList } from '@/components/ui/definition-list';
import { SidePane } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { StatementDetail } from '@/lib/arm/local/query-insights';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { useArmAction } from '@/lib/queries/action';
import { usePermission } from '@/lib/queries/permissions';
import { indexAdviceQuery, statementQuery } from '@/lib/queries/query-insights';
import { readableDigest } from '@/lib/rules/digest-text';
import { formatCount, formatSeconds } from '@/lib/rules/seconds';
import { useState } from 'react';
import { CostChart } from './cost-chart';
import type { QueryInsightsActions } from './query-insights-actions';

interface StatementPaneProps {
  server: ServerKey;
  spanMs: number;
  id: string;
  explain: QueryInsightsActions['explain'];
  onClose: () => void;
}

/** One statement: what it cost, a run of it, how MySQL would run it. */
export function StatementPane({ server, spanMs, id, explain, onClose }: StatementPaneProps) {
  const query = useQuery(statementQuery(server, spanMs, id));
  const advice = useQuery(indexAdviceQuery(server, spanMs)).data?.value.find(({ statementId }) => statementId === id);
  const mayExplain = usePermission(serverId(server), 'Flexdeck.Local/queryStatements/explain/action');
  const plan = useArmAction(explain);
  const [shown, setShown] = useState<string>();
  const run = async () => {
    const result = await plan.run(server, id);
    setShown(result.ok ? result.value.plan : undefined);
  };
  return (
    <SidePane
      isOpen
      onClose={onClose}
      title="Statement"
      subtitle={query.data?.database || server.serverName}
      width="wide"
    >
      <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={5} columns={2} />}>
        {(detail) => (
          <div className="grid gap-5 [&>*]:min-w-0">
            <CodeBlock label="Statement" code={readableDigest(detail.text)} maxHeight={180} />
            <Costs detail={detail} />
            {detail.trend.length > 0 && (
              <Section title="Trend">
                <CostChart
                  label="Time spent in this statement"
                  trend={detail.trend}
                  interval={detail.interval}
                  spanMs={spanMs}
                  height={160}
                />
              </Section>
            )}
            {advice && (
              <Notice tone="info" title={`An index on ${advice.table} may help`}>
                {advice.evidence}
                {advice.statement && <CodeBlock label="Advised index" code={advice.statement} />}
              </Notice>
            )}
            <Section title="Sample">
              {detail.sample ? (
                <>
                  <p className="mb-2 text-text-3">
                    One run, with ? for its values, seen <Time value={detail.sample.time} seconds />.
                  </p>
                  <CodeBlock label="Sample" code={detail.sample.text} maxHeight={180} />
                </>
              ) : (
                <p className="text-text-3">MySQL remembers no run of it since it was started.</p>
              )}
            </Section>
            <Section title="Plan" description="How MySQL would run the sample now. Explaining it runs nothing.">
              <Button
                onClick={() => void run()}
                pending={plan.pending}
                disabledReason={mayExplain ?? (detail.sample ? undefined : 'MySQL remembers no run of it.')}
              >
                Explain
              </Button>
              {plan.error && (
                <div className="mt-2">
                  <Notice tone="warn" title={plan.error.code} live>
                    {plan.error.message}
                  </Notice>
                </div>
              )}
              {shown !== undefined && (
                <div className="mt-2">
                  <CodeBlock label="Plan" code={shown} maxHeight={320} />
                </div>
              )}
            </Section>
          </div>
        )}
      </QueryRegion>
    </SidePane>
  );
}

function Costs({ detail: { costs } }: { detail: StatementDetail }) {
  const each = (value: number) => (costs.count > 0 ? ` (${formatCount(Math.round(value / costs.count))} a run)` : '');
  return (
    <DefinitionList
      columns={2}
      items={[
        { term: 'Total time', value: formatSeconds(costs.totalSeconds) },
        { term: 'Runs', value: formatCount(costs.count) },
        { term: 'Average time', value: formatSeconds(costs.averageSeconds) },
        { term: 'Waiting for locks', value: formatSeconds(costs.lockSeconds) },
        { term: 'Rows read', value: formatCount(costs.rowsExamined) + each(costs.rowsExamined) },
        { term: 'Rows sent', value: formatCount(costs.rowsSent) + each(costs.rowsSent) },
        { term: 'Rows changed', value: formatCount(costs.rowsAffected) },
        { term: 'Runs without an index', value: formatCount(costs.noIndexCount) },
        { term: 'Temporary tables on disk', value: formatCount(costs.diskTables) },
        { term: 'Errors', value: formatCount(costs.errors) },
      ]}
    />
  );
}
