import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { DefinitionList } from '@/components/ui/definition-list';
import { SidePane } from '@/components/ui/dialog';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { AGGREGATIONS } from '@/lib/arm/insights/aggregations';
import type { Alert } from '@/lib/arm/insights/alerts';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { alertHistoryQuery } from '@/lib/queries/alerts';
import { usePermission } from '@/lib/queries/permissions';
import { writeCharts } from '@/lib/rules/metric-charts';
import { formatMetric } from '@/lib/rules/metric-values';
import { useAlertChange, type AlertActions } from './alert-actions';
import { MonitorCondition, Severity } from './severity';

interface AlertPaneProps {
  server: ServerKey;
  alert: Alert;
  setState: AlertActions['setAlertState'];
  onClose: () => void;
}

const EVENTS: Record<string, string> = {
  AlertCreated: 'Fired',
  MonitorConditionChange: 'Condition',
  StateChange: 'State',
  ActionsTriggered: 'Delivered',
  ActionsFailed: 'Not delivered',
  ActionsPending: 'Being delivered',
};

/** One alert: what met its condition, who was told, and what people make of it. */
export function AlertPane({ server, alert, setState, onClose }: AlertPaneProps) {
  const { essentials } = alert.properties;
  const history = useQuery(alertHistoryQuery(server, alert.id.split('/').at(-1)!));
  const change = useAlertChange(server, setState);
  const mayChange = usePermission(serverId(server), 'Microsoft.AlertsManagement/alerts/changestate/action');
  const now = essentials.alertState;
  const set = (state: 'New' | 'Acknowledged' | 'Closed') => () => void change.submit(null, alert.id, state);
  return (
    <SidePane
      isOpen
      onClose={onClose}
      title={alert.name}
      subtitle={server.serverName}
      width="wide"
      footer={
        <>
          {now === 'New' && (
            <Button variant="primary" onClick={set('Acknowledged')} pending={change.pending} disabledReason={mayChange}>
              Acknowledge
            </Button>
          )}
          {now === 'Closed' ? (
            <Button onClick={set('New')} pending={change.pending} disabledReason={mayChange}>
              Open again
            </Button>
          ) : (
            <Button onClick={set('Closed')} pending={change.pending} disabledReason={mayChange}>
              Close alert
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4 [&>*]:min-w-0">
        {change.error && (
          <Notice tone="bad" title={change.error.code} live>
            {change.error.message}
          </Notice>
        )}
        {essentials.description && <p>{essentials.description}</p>}
        <DefinitionList
          items={[
            { term: 'Severity', value: <Severity severity={essentials.severity} /> },
            { term: 'Condition', value: <MonitorCondition condition={essentials.monitorCondition} /> },
            { term: 'State', value: now },
            { term: 'Fired', value: <Time value={essentials.startDateTime} seconds /> },
            {
              term: 'Resolved',
              value: essentials.monitorConditionResolvedDateTime ? (
                <Time value={essentials.monitorConditionResolvedDateTime} seconds />
              ) : (
                'not yet'
              ),
            },
            ...measured(alert).map(({ name, words }) => ({ term: name, value: words })),
          ]}
        />
        {metricsPath(server, alert) && (
          <p>
            <Link href={metricsPath(server, alert)!}>See it in Metrics</Link>
          </p>
        )}
        {essentials.actionStatus?.isSuppressed && (
          <Notice tone="info">Its notifications were kept back: the server was muted.</Notice>
        )}
        <section>
          <h3 className="mb-1 font-semibold">What happened</h3>
          <QueryRegion query={history} skeleton={<SkeletonRows rows={3} columns={2} />}>
            {({ properties }) => (
              <ul aria-label="What happened">
                {(properties.modifications ?? []).map((one) => (
                  <li
                    key={`${one.modifiedAt}${one.modificationEvent}${one.newValue}`}
                    className="flex flex-wrap gap-x-4 border-b border-line py-1.5 last:border-0"
                  >
                    <span className="w-44 shrink-0 text-text-3">
                      {one.modifiedAt && <Time value={one.modifiedAt} seconds />}
                    </span>
                    <span className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
                      <b className="font-semibold">{EVENTS[one.modificationEvent ?? ''] ?? one.modificationEvent}</b>
                      {one.modificationEvent !== 'AlertCreated' && ` ${one.newValue ?? ''}`}
                      {one.modificationEvent === 'StateChange' && ` by ${one.modifiedBy}`}
                      {(one.comments || one.description) && (
                        <span className="block text-text-2">
                          {[one.comments, one.description].filter(Boolean).join(' · ')}
                        </span>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </QueryRegion>
        </section>
      </div>
    </SidePane>
  );
}

interface Criterion {
  metricName?: string;
  metricValue?: number | null;
  threshold?: string;
  timeAggregation?: string;
}

function criteriaOf({ properties }: Alert): Criterion[] {
  return (properties.context as { condition?: { allOf?: Criterion[] } } | undefined)?.condition?.allOf ?? [];
}

/** What the metrics were when it fired, where the alert says so. */
function measured(alert: Alert): { name: string; words: string }[] {
  return criteriaOf(alert).flatMap(({ metricName, metricValue, threshold }) =>
    metricName && typeof metricValue === 'number'
      ? [{ name: metricName, words: `${formatMetric(metricValue, 'Count', 'en-US')} (threshold ${threshold})` }]
      : [],
  );
}

const AROUND_MS = 30 * 60_000;

/** Its metrics, from half an hour before it fired on; undefined where the alert does not say which. */
function metricsPath(server: ServerKey, alert: Alert): string | undefined {
  const { startDateTime, monitorConditionResolvedDateTime: resolved } = alert.properties.essentials;
  const charts = criteriaOf(alert).flatMap(({ metricName, timeAggregation }) =>
    metricName
      ? [{ metrics: [metricName], aggregation: AGGREGATIONS.find((each) => each === timeAggregation) ?? 'Average' }]
      : [],
  );
  if (charts.length === 0) return undefined;
  const fired = Date.parse(startDateTime);
  const times = { from: fired - AROUND_MS, to: Date.parse(resolved ?? startDateTime) + AROUND_MS };
  const query = new URLSearchParams({ from: String(times.from), to: String(times.to), charts: writeCharts(charts) });
  return `${paths.server(server, 'metrics')}?${query}`;
}
