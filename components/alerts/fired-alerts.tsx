import { useQuery } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { DataTable } from '@/components/ui/data-table';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { DataColumn } from '@/components/ui/table-columns';
import { TextButton } from '@/components/ui/text-button';
import { Time } from '@/components/ui/time';
import type { Alert } from '@/lib/arm/insights/alerts';
import type { ServerKey } from '@/lib/arm/resource-id';
import { alertsQuery } from '@/lib/queries/alerts';
import { MonitorCondition, Severity } from './severity';

/** What fired in the last 30 days, the newest first. */
export function FiredAlerts({
  server,
  onOpen,
  onRecommended,
  ruleProblem,
}: {
  server: ServerKey;
  onOpen: (alert: Alert) => void;
  /** Given while no rule watches the server. */
  onRecommended?: () => void;
  ruleProblem?: string | undefined;
}) {
  const query = useQuery(alertsQuery(server));
  const columns = useMemo<DataColumn<Alert>[]>(
    () => [
      {
        id: 'rule',
        header: 'Alert',
        render: (row) => <TextButton onClick={() => onOpen(row)}>{row.name}</TextButton>,
        sortBy: (row) => row.name,
        width: 'minmax(160px, 2fr)',
        fixed: true,
        rowHeader: true,
      },
      {
        id: 'severity',
        header: 'Severity',
        render: ({ properties }) => <Severity severity={properties.essentials.severity} />,
        sortBy: ({ properties }) => properties.essentials.severity,
        width: 'minmax(150px, 0.8fr)',
      },
      {
        id: 'condition',
        header: 'Condition',
        render: ({ properties }) => <MonitorCondition condition={properties.essentials.monitorCondition} />,
        sortBy: ({ properties }) => properties.essentials.monitorCondition,
        width: 'minmax(124px, 0.7fr)',
      },
      {
        id: 'state',
        header: 'State',
        render: ({ properties }) => properties.essentials.alertState,
        sortBy: ({ properties }) => properties.essentials.alertState,
        width: 'minmax(128px, 0.7fr)',
      },
      {
        id: 'fired',
        header: 'Fired',
        render: ({ properties }) => <Time value={properties.essentials.startDateTime} />,
        sortBy: ({ properties }) => properties.essentials.startDateTime,
        width: 'minmax(180px, 1fr)',
      },
      {
        id: 'resolved',
        header: 'Resolved',
        render: ({ properties: { essentials } }) =>
          essentials.monitorConditionResolvedDateTime ? (
            <Time value={essentials.monitorConditionResolvedDateTime} />
          ) : (
            '–'
          ),
        sortBy: ({ properties }) => properties.essentials.monitorConditionResolvedDateTime ?? '',
        width: 'minmax(180px, 1fr)',
      },
    ],
    [onOpen],
  );
  return (
    <Card flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={4} columns={5} />}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState
            icon={BellRing}
            title={onRecommended ? 'No rule watches this server yet' : 'No alert in the last 30 days'}
            action={
              onRecommended && (
                <Button onClick={onRecommended} disabledReason={ruleProblem}>
                  Use the recommended rules
                </Button>
              )
            }
          >
            When a rule’s condition is met, the alert stands here with its beginning and its end.
          </EmptyState>
        }
      >
        {(list) => (
          <DataTable
            label="Fired alerts"
            columns={columns}
            rows={list}
            rowId={(row) => row.id}
            rowName={(row) => row.name}
            onOpen={onOpen}
          />
        )}
      </QueryRegion>
    </Card>
  );
}
