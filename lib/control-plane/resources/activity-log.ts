import { ArmError } from '../../arm/error.ts';
import type { ActivityEvent } from '../../arm/insights/activity-log.ts';
import { listActivityEvents, type ActivityFilter, type ActivityPlace } from '../store/activity.ts';
import { ACTIVITY_LOG_API_VERSIONS } from './arm-versions.ts';
import { parseFilter, type Clause } from './odata-filter.ts';
import { linkAfter, pageBounds, skipTokenOf } from './paging.ts';
import { requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

const FIELDS = [
  'eventTimestamp',
  'resourceGroupName',
  'resourceUri',
  'resourceId',
  'resourceProvider',
  'correlationId',
  'caller',
  'status',
  'eventChannels',
];
const READ = 'Microsoft.Insights/eventtypes/values/read';
const DAY = 86_400_000;
/** Azure keeps events for 90 days and refuses to look further back. */
const KEPT_DAYS = 90;
/** Rows looked at in one go; what the caller may not see is passed over. */
const CHUNK = 500;

/** The activity log: who did what, when, and how it ended; newest first. */
export function activityLogRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values',
      operationId: 'ActivityLogs_List',
      action: null,
      apiVersions: ACTIVITY_LOG_API_VERSIONS,
      handle: (request) => {
        const { id } = requireSubscription(resources, request);
        const { filter, caller, status } = readFilter(
          id,
          request.query['$filter'],
          resources.control.world.clock.now(),
        );
        const select = request.query['$select']?.split(',').map((name) => name.trim().toLowerCase());
        const { events, next } = collect(resources, request, filter, (event) => {
          if (caller !== undefined && event.caller?.toLowerCase() !== caller) return false;
          return status === undefined || event.status?.value.toLowerCase() === status;
        });
        const value = events.map((event) => (select ? selected(event, select) : event));
        return { status: 200, body: { value, ...(next !== undefined && { nextLink: linkAfter(request, next) }) } };
      },
    },
  ];
}

/** One page of events that the caller may see, and the place in the log where the next one begins. */
function collect(
  { authorizer, control }: Resources,
  request: ArmRequest,
  filter: ActivityFilter,
  matches: (event: ActivityEvent) => boolean,
): { events: ActivityEvent[]; next: string | undefined } {
  const { limit } = pageBounds(request, PLACE);
  const { principal } = request;
  const seesAll = authorizer.isAllowed(principal, READ, `/subscriptions/${filter.subscriptionId}`);
  const events: ActivityEvent[] = [];
  for (let from = placeOf(skipTokenOf(request)); ;) {
    const rows = listActivityEvents(control.world.database, filter, { limit: CHUNK + 1, from });
    for (const { event, place } of rows.slice(0, CHUNK)) {
      if (!matches(event)) continue;
      if (!seesAll && !authorizer.isAllowed(principal, READ, event.resourceId ?? '/')) continue;
      if (events.length === limit) return { events, next: `${place.at}-${place.sequence}` };
      events.push(event);
    }
    from = rows[CHUNK]?.place;
    if (!from) return { events, next: undefined };
  }
}

/** `<milliseconds since 1970>-<sequence>` */
const PLACE = /^\d{1,15}-\d{1,15}$/;

function placeOf(token: string | undefined): ActivityPlace | undefined {
  if (token === undefined) return undefined;
  const [at, sequence] = token.split('-').map(Number);
  return { at: at!, sequence: sequence! };
}

/**
 * @throws {ArmError} BadRequest 400 without a start, with one that is no time or too long ago; InvalidFilterInQueryString.
 */
function readFilter(
  subscriptionId: string,
  text: string | undefined,
  now: number,
): { filter: ActivityFilter; caller: string | undefined; status: string | undefined } {
  const clauses = text ? parseFilter(text, FIELDS) : [];
  const times = clauses.filter(({ field }) => field === 'eventtimestamp');
  const from = times.find(({ operator }) => operator === 'ge' || operator === 'gt');
  const to = times.find(({ operator }) => operator === 'le' || operator === 'lt');
  if (!from) {
    throw bad("The $filter needs the start of the time range: eventTimestamp ge '2026-01-31T00:00:00Z'.");
  }
  const start = readTime(from);
  if (start < now - KEPT_DAYS * DAY - DAY) {
    throw bad(`The start time cannot be more than ${KEPT_DAYS} days in the past.`);
  }
  const valueOf = (...fields: string[]) =>
    clauses.find(({ field, operator }) => fields.includes(field) && operator === 'eq')?.value;
  return {
    filter: {
      subscriptionId,
      from: start,
      to: to ? readTime(to) : now,
      resourceGroup: valueOf('resourcegroupname'),
      resourceId: valueOf('resourceuri', 'resourceid'),
      resourceProvider: valueOf('resourceprovider'),
      correlationId: valueOf('correlationid'),
    },
    caller: valueOf('caller')?.toLowerCase(),
    status: valueOf('status')?.toLowerCase(),
  };
}

/** Times without a zone are UTC: the Azure CLI sends them so. */
function readTime({ value }: Clause): number {
  const zoned = /(z|[+-]\d{2}:?\d{2})$/i.test(value) || !value.includes('T') ? value : `${value}Z`;
  const time = Date.parse(zoned);
  if (Number.isNaN(time)) throw bad(`'${value}' in the $filter is not a time like 2026-01-31T00:00:00Z.`);
  return time;
}

function bad(message: string): ArmError {
  return new ArmError('BadRequest', 400, message, { target: '$filter' });
}

function selected(event: ActivityEvent, names: string[]): Partial<ActivityEvent> {
  return Object.fromEntries(Object.entries(event).filter(([name]) => names.includes(name.toLowerCase())));
}
