import * as z from 'zod';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { AUTO_START_DAYS, autoStartAt, nextDue, scheduleProblem, WEEKDAYS } from '../../rules/schedules.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { transaction } from '../store/database.ts';
import { findOperation } from '../store/operations.ts';
import {
  deleteSchedule,
  findSchedule,
  listSchedules,
  putSchedule,
  readAutoStart,
  writeAutoStart,
  type ScheduleRow,
  type ScheduleRun,
} from '../store/schedules.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { requireSku } from './server-requirements.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const SCHEDULES = `${FLEXDECK_LOCAL}/schedules`;
const AUTO_START = `${FLEXDECK_LOCAL}/autoStart`;
const LIST = `${ONE_SERVER}/providers/${SCHEDULES}`;
const ONE = `${LIST}/{scheduleName}`;
const AUTO_START_ONE = `${ONE_SERVER}/providers/${AUTO_START}/default`;
/** More than anybody can keep in mind. */
const MOST = 20;

const envelope = { id: z.string().optional(), name: z.string().optional(), type: z.string().optional() };

const ScheduleForPut = z.strictObject({
  ...envelope,
  properties: z.object({
    action: z.enum(['Start', 'Stop', 'Scale']),
    days: z.array(z.enum(WEEKDAYS)),
    time: z.string(),
    timeZone: z.string(),
    enabled: z.boolean().default(true),
    sku: z
      .strictObject({ name: z.string(), tier: z.enum(['Burstable', 'GeneralPurpose', 'MemoryOptimized']) })
      .nullish(),
  }),
});

const AutoStartForPut = z.strictObject({
  ...envelope,
  properties: z.object({ afterDays: z.int().min(AUTO_START_DAYS.min).max(AUTO_START_DAYS.max) }),
});

/** When a server is started, stopped or scaled by the clock; what Azure has no API for. */
export function scheduleRoutes(resources: Resources): ArmRoute[] {
  const { database, clock, newId } = resources.control.world;
  const route = serverRoute(resources, FLEXDECK_LOCAL, [FLEXDECK_LOCAL_VERSION]);
  const shown = (server: ServerRow, row: ScheduleRow) => armSchedule(resources, server, row);

  /** The change and its event, both or neither. */
  function change(
    request: ArmRequest,
    what: { method: 'PUT' | 'DELETE'; type: string; title: string; resourceId: string },
    record: () => void,
  ): void {
    transaction(database, () => {
      record();
      recordActivity(database, {
        action: `${what.type}/${what.method === 'PUT' ? 'write' : 'delete'}`,
        title: what.title,
        resourceId: what.resourceId,
        caller: callerOf(request, what.method),
        status: 'Succeeded',
        operationId: newId(),
        eventId: newId(),
        at: clock.now(),
      });
    });
  }

  return [
    route('GET', AUTO_START_ONE, 'AutoStart_Get', 'autoStart/read', (_, server) => ({
      status: 200,
      body: armAutoStart(resources, server),
    })),
    route('PUT', AUTO_START_ONE, 'AutoStart_CreateOrUpdate', 'autoStart/write', (request, server) => {
      const { afterDays } = parseBody(AutoStartForPut, request.body).properties;
      const resourceId = `${serverResourceId(server)}/providers/${AUTO_START}/default`;
      change(
        request,
        { method: 'PUT', type: AUTO_START, title: 'Set when the server starts by itself', resourceId },
        () => writeAutoStart(database, server.id, { ...readAutoStart(database, server.id), afterDays }),
      );
      return { status: 200, body: armAutoStart(resources, server) };
    }),
    route('GET', LIST, 'Schedules_ListByServer', 'schedules/read', (request, server) => {
      const schedules = listSchedules(database, server.id).map((row) => shown(server, row));
      return { status: 200, body: page(request, schedules) };
    }),
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${SCHEDULES}`,
      operationId: 'Schedules_ListBySubscription',
      action: `${SCHEDULES}/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => {
        const { id: subscriptionId } = requireSubscription(resources, request);
        const all = listServers(database, { subscriptionId }).flatMap((server) =>
          listSchedules(database, server.id).map((row) => shown(server, row)),
        );
        return { status: 200, body: page(request, all) };
      },
    },
    route('GET', ONE, 'Schedules_Get', 'schedules/read', (request, server) => {
      const name = request.params['scheduleName']!;
      const row = findSchedule(database, server.id, name);
      if (!row) throw childNotFound(SCHEDULES, name);
      return { status: 200, body: shown(server, row) };
    }),
    route('PUT', ONE, 'Schedules_CreateOrUpdate', 'schedules/write', (request, server) => {
      const name = request.params['scheduleName']!;
      if (!/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/i.test(name)) {
        throw invalidParameter(
          'scheduleName',
          'The name of a schedule has 1 to 64 letters, digits, hyphens and underscores, and begins and ends with a letter or digit.',
        );
      }
      const { sku, ...rest } = parseBody(ScheduleForPut, request.body).properties;
      const schedule = { ...rest, ...(sku && { sku: { ...sku, name: requireSku(sku).name } }) };
      const problem = scheduleProblem(schedule);
      if (problem) throw invalidParameter(`properties.${problem.target}`, problem.message);
      const before = findSchedule(database, server.id, name);
      if (!before && listSchedules(database, server.id).length >= MOST) {
        throw invalidParameter('scheduleName', `A server has ${MOST} schedules at most. Delete one first.`);
      }
      const row = { serverId: server.id, name: before?.name ?? name, schedule, changedAt: clock.now() };
      const resourceId = scheduleId(server, row.name);
      change(request, { method: 'PUT', type: SCHEDULES, title: 'Set schedule', resourceId }, () =>
        putSchedule(database, row),
      );
      return { status: before ? 200 : 201, body: shown(server, findSchedule(database, server.id, row.name)!) };
    }),
    route('DELETE', ONE, 'Schedules_Delete', 'schedules/delete', (request, server) => {
      const row = findSchedule(database, server.id, request.params['scheduleName']!);
      if (!row) return { status: 204 };
      const resourceId = scheduleId(server, row.name);
      change(request, { method: 'DELETE', type: SCHEDULES, title: 'Delete schedule', resourceId }, () =>
        deleteSchedule(database, server.id, row.name),
      );
      return { status: 200 };
    }),
  ];
}

function scheduleId(server: ServerRow, name: string): string {
  return `${serverResourceId(server)}/providers/${SCHEDULES}/${name}`;
}

function armSchedule({ control }: Resources, server: ServerRow, { name, schedule, lastRun }: ScheduleRow) {
  const { clock } = control.world;
  return {
    id: scheduleId(server, name),
    name,
    type: SCHEDULES,
    properties: {
      ...schedule,
      ...(schedule.enabled && { nextRun: iso(nextDue(schedule, clock.now())) }),
      ...(lastRun && { lastRun: armRun(control, lastRun) }),
    },
  };
}

/** A run that began an operation has come to what that came to. */
function armRun({ world }: Resources['control'], { due, at, outcome, message, operationId }: ScheduleRun) {
  const operation = operationId === undefined ? undefined : findOperation(world.database, operationId);
  return {
    due: iso(due),
    at: iso(at),
    outcome: outcome === 'Begun' ? (operation?.status ?? 'Succeeded') : outcome,
    message: operation?.error?.message ?? message,
  };
}

function armAutoStart({ control }: Resources, server: ServerRow) {
  const { afterDays } = readAutoStart(control.world.database, server.id);
  const { stoppedAt } = server;
  return {
    id: `${serverResourceId(server)}/providers/${AUTO_START}/default`,
    name: 'default',
    type: AUTO_START,
    properties: {
      afterDays,
      ...(stoppedAt !== null && { stoppedAt: iso(stoppedAt), startsAt: iso(autoStartAt(stoppedAt, afterDays)) }),
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
