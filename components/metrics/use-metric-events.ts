import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { activityTitle } from '@/components/activity-log/activity-words';
import type { ChartEvent } from '@/components/charts/chart-model';
import type { ServerKey } from '@/lib/arm/resource-id';
import { activityLogQuery } from '@/lib/queries/activity-log';
import { alertsQuery } from '@/lib/queries/alerts';
import { groupActivity } from '@/lib/rules/activity';
import { KEPT_MS, spanOf, type TimeChoice } from '@/lib/rules/metric-time';

const HOUR = 3_600_000;
const NONE: ChartEvent[] = [];

/** What was done to the server in the time shown, from its activity log, and which alerts fired. None while it is not known. */
export function useMetricEvents(server: ServerKey, time: TimeChoice, enabled: boolean): ChartEvent[] {
  const { from } = time;
  // By the hour, so that the question does not change with every look at the clock.
  const [opened] = useState(Date.now);
  const back = from === null ? spanOf(time) : opened - from;
  const hours = Math.min(Math.max(1, Math.ceil(back / HOUR)), KEPT_MS / HOUR);
  const { data: activities } = useQuery({ ...activityLogQuery(server, hours), enabled });
  const { data: alerts } = useQuery({ ...alertsQuery(server), enabled });
  return useMemo(() => {
    if (!enabled) return NONE;
    const done = groupActivity(activities ?? []).map((activity): ChartEvent => ({
      at: Date.parse(activity.at),
      label: activityTitle(activity),
      tone: activity.status === 'Failed' ? 'bad' : activity.status === 'Succeeded' ? 'ok' : 'off',
    }));
    const fired = (alerts ?? []).flatMap(({ name, properties: { essentials } }): ChartEvent[] => [
      { at: Date.parse(essentials.startDateTime), label: `${name} fired`, tone: 'bad' },
      ...(essentials.monitorConditionResolvedDateTime
        ? [
            {
              at: Date.parse(essentials.monitorConditionResolvedDateTime),
              label: `${name} resolved`,
              tone: 'ok',
            } as const,
          ]
        : []),
    ]);
    return [...done, ...fired];
  }, [activities, alerts, enabled]);
}
