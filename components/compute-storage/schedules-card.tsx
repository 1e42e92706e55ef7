import { useQuery } from '@tanstack/react-query';
import { Plus, SquarePen, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryStates } from 'nuqs';
import type { BeginAction } from '@/components/servers/use-server-change';
import { money } from '@/components/servers/size/money';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { TextButton } from '@/components/ui/text-button';
import { Time, useNow } from '@/components/ui/time';
import { FLEXDECK_LOCAL } from '@/lib/arm/flexdeck-local';
import type { AutoStart, ScheduleForPut, ScheduleResource } from '@/lib/arm/local/schedule';
import type { Server } from '@/lib/arm/mysql/server';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { usePermission } from '@/lib/queries/permissions';
import { autoStartQuery, schedulesQuery } from '@/lib/queries/schedules';
import { scheduleWords } from '@/lib/rules/schedule-changes';
import { scheduledWeek } from '@/lib/rules/schedules';
import { findSku } from '@/lib/rules/skus';

const SchedulePane = dynamic(() => import('./schedule-pane').then((module) => module.SchedulePane));
const DeleteSchedulePane = dynamic(() => import('./schedule-pane').then((module) => module.DeleteSchedulePane));
const AutoStartPane = dynamic(() => import('./auto-start-pane').then((module) => module.AutoStartPane));

export interface ScheduleActions {
  putSchedule: BeginAction<[ServerKey, name: string, ScheduleForPut]>;
  deleteSchedule: BeginAction<[ServerKey, name: string]>;
  putAutoStart: BeginAction<[ServerKey, afterDays: number]>;
}

interface SchedulesCardProps {
  server: ServerKey;
  data: Server;
  actions: ScheduleActions;
}

/** When the server starts, stops and scales by the clock, and what that saves. */
export function SchedulesCard({ server, data, actions }: SchedulesCardProps) {
  const query = useQuery(schedulesQuery(server));
  const autoStart = useQuery(autoStartQuery(server));
  const [{ pane, schedule: name }, setView] = useQueryStates(
    { pane: parseAsString, schedule: parseAsString },
    { history: 'push' },
  );
  const mayWrite = usePermission(serverId(server), `${FLEXDECK_LOCAL}/schedules/write`);
  const mayDelete = usePermission(serverId(server), `${FLEXDECK_LOCAL}/schedules/delete`);
  const mayAutoStart = usePermission(serverId(server), `${FLEXDECK_LOCAL}/autoStart/write`);
  const schedules = query.data ?? [];
  const target = schedules.find((schedule) => schedule.name === name);
  const close = () => void setView({ pane: null, schedule: null });
  return (
    <Card title="Start and stop by the clock" aside={<Savings data={data} schedules={schedules} />}>
      <div className="-mx-4 -mt-3">
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={2} columns={4} />}
          isEmpty={(list) => list.length === 0}
          empty={
            <p className="px-4 pt-3 text-text-2">
              Nothing is scheduled. A server that nobody uses at night costs its storage alone while it is stopped.
            </p>
          }
        >
          {(list) => (
            <SimpleTable<ScheduleResource>
              caption="Schedules"
              rows={list}
              rowId={(row) => row.name}
              columns={[
                { id: 'what', header: 'Schedule', render: (row) => scheduleWords(row.properties) },
                {
                  id: 'next',
                  header: 'Next',
                  render: ({ properties: { nextRun } }) => (nextRun ? <Time value={nextRun} mode="zoned" /> : 'off'),
                },
                { id: 'last', header: 'Last', render: (row) => <LastRun run={row.properties.lastRun} /> },
                {
                  id: 'actions',
                  header: 'Actions',
                  headerHidden: true,
                  align: 'right',
                  render: (row) => (
                    <span className="inline-flex gap-1">
                      <IconButton
                        icon={SquarePen}
                        size={24}
                        label={`Change schedule ${row.name}`}
                        disabledReason={mayWrite}
                        onClick={() => void setView({ pane: 'schedule', schedule: row.name })}
                      />
                      <IconButton
                        icon={Trash2}
                        size={24}
                        label={`Delete schedule ${row.name}`}
                        disabledReason={mayDelete}
                        onClick={() => void setView({ pane: 'delete-schedule', schedule: row.name })}
                      />
                    </span>
                  ),
                },
              ]}
            />
          )}
        </QueryRegion>
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button icon={Plus} onClick={() => void setView({ pane: 'schedule' })} disabledReason={mayWrite}>
          Add a schedule
        </Button>
        {autoStart.data && (
          <AutoStartLine
            autoStart={autoStart.data}
            onChange={() => void setView({ pane: 'auto-start' })}
            canChange={mayAutoStart === undefined}
          />
        )}
      </div>
      {pane === 'schedule' && (name === null || target) && (
        <SchedulePane
          key={target?.name ?? ''}
          server={server}
          data={data}
          schedules={schedules}
          present={target}
          run={actions.putSchedule}
          disabledReason={mayWrite}
          onClose={close}
        />
      )}
      {pane === 'delete-schedule' && target && (
        <DeleteSchedulePane
          server={server}
          present={target}
          run={actions.deleteSchedule}
          disabledReason={mayDelete}
          onClose={close}
        />
      )}
      {pane === 'auto-start' && autoStart.data && (
        <AutoStartPane
          server={server}
          present={autoStart.data.properties.afterDays}
          run={actions.putAutoStart}
          disabledReason={mayAutoStart}
          onClose={close}
        />
      )}
    </Card>
  );
}

function Savings({ data, schedules }: { data: Server; schedules: readonly ScheduleResource[] }) {
  const now = useNow(false);
  const sku = findSku(data.sku?.name ?? '');
  if (!sku || schedules.length === 0) return null;
  const standby = (data.properties.highAvailability?.mode ?? 'Disabled') !== 'Disabled';
  const rules = schedules.map(({ properties }) => properties);
  const { savedPerMonth, stoppedHours } = scheduledWeek({ sku, standby }, rules, Number(now));
  if (Math.abs(savedPerMonth) < 0.005) return null;
  return (
    <span suppressHydrationWarning>
      {savedPerMonth > 0 ? 'saves' : 'costs'} ≈ {money.format(Math.abs(savedPerMonth))} a month
      {stoppedHours > 0 && `, stopped ${Math.round(stoppedHours)} of 168 hours`}
    </span>
  );
}

function LastRun({ run }: { run: ScheduleResource['properties']['lastRun'] }) {
  if (!run) return 'not yet';
  return (
    <span>
      {run.outcome} <Time value={run.at} mode="relative" />
      {run.message && <span className="block text-xs text-text-3">{run.message}</span>}
    </span>
  );
}

interface AutoStartLineProps {
  autoStart: AutoStart;
  onChange: () => void;
  canChange: boolean;
}

function AutoStartLine({ autoStart: { properties }, onChange, canChange }: AutoStartLineProps) {
  const { afterDays, startsAt } = properties;
  return (
    <span className="text-text-2">
      {startsAt ? (
        <>
          Stopped: starts by itself <Time value={startsAt} mode="relative" />.
        </>
      ) : (
        `Once stopped, it starts by itself after ${afterDays} ${afterDays === 1 ? 'day' : 'days'}.`
      )}{' '}
      {canChange && <TextButton onClick={onChange}>Change</TextButton>}
    </span>
  );
}
