import { useQueries } from '@tanstack/react-query';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { Card } from '@/components/ui/card';
import { classNames } from '@/components/ui/class-names';
import { Link } from '@/components/ui/link';
import { toErrorWords } from '@/components/ui/query-region';
import { Skeleton } from '@/components/ui/skeleton';
import { useNow } from '@/components/ui/time';
import type { FleetMaintenance } from '@/lib/arm/mysql/maintenance';
import { paths } from '@/lib/paths';
import { fleetMaintenancesQuery } from '@/lib/queries/maintenances';
import { calendarDays, laterThanCalendar, type CalendarDay } from '@/lib/rules/fleet-maintenance';

const MOST_A_DAY = 3;

/** Which servers are maintained on which of the next 14 days, by the clock of whoever looks. */
export function MaintenanceCalendar() {
  const { chosen, query: subscriptions } = useChosenSubscriptions();
  const queries = useQueries({ queries: chosen.map(({ subscriptionId }) => fleetMaintenancesQuery(subscriptionId)) });
  const now = useNow(false);
  const failure = queries.find(({ error, data }) => error && !data)?.error;
  const items = queries.flatMap(({ data }) => data?.items ?? []);
  const unread = queries.reduce((sum, { data }) => sum + (data?.unread ?? 0), 0);
  const days = calendarDays(items, now);
  const later = laterThanCalendar(items, now);
  const isPending = subscriptions.isPending || queries.some((query) => query.isPending);
  return (
    <Card title="Maintenance in the next 14 days" aside={items.length > 0 && `${items.length} ahead`} flush>
      {isPending ? (
        <div className="p-4">
          <Skeleton height={150} />
        </div>
      ) : (
        <>
          {failure && <p className="px-4 py-3 text-bad">{toErrorWords(failure).message}</p>}
          {items.length === 0 && !failure && (
            <p className="px-4 pt-3 text-text-3 max-sm:pb-3">
              Nothing is planned. What is to be done to a server is announced here and in its Maintenance.
            </p>
          )}
          <ol className={classNames('grid gap-px p-4 sm:grid-cols-7', items.length === 0 && 'max-sm:hidden')}>
            {days.map((day, index) => (
              <Day key={day.at} day={day} isToday={index === 0} />
            ))}
          </ol>
          {(later > 0 || unread > 0) && (
            <p className="px-4 pb-3 text-xs text-text-3">
              {later > 0 && `${later} later. `}
              {unread > 0 && `Maintenances of ${unread.toLocaleString('en-US')} servers could not be read here.`}
            </p>
          )}
        </>
      )}
    </Card>
  );
}

function Day({ day: { at, maintenances }, isToday }: { day: CalendarDay; isToday: boolean }) {
  const date = new Date(at);
  const more = maintenances.length - MOST_A_DAY;
  return (
    <li
      className={classNames(
        'min-w-0 border border-line px-2 py-1.5 sm:min-h-[76px]',
        isToday && 'bg-accent-weak',
        // A narrow screen lists only the days on which something happens.
        maintenances.length === 0 && 'hidden sm:block',
      )}
    >
      <p className="text-2xs text-text-3">
        {isToday && <b className="font-semibold text-text-2">Today · </b>}
        {date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })}
      </p>
      <ul className="grid gap-1">
        {maintenances.slice(0, MOST_A_DAY).map((item) => (
          <li key={`${item.server.serverName} ${item.name}`} className="min-w-0 text-xs">
            <Entry item={item} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className="text-2xs text-text-3">and {more} more</p>}
    </li>
  );
}

function Entry({ item: { server, startTime, state, title } }: { item: FleetMaintenance }) {
  const time = new Date(startTime).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return (
    <Link
      href={paths.server(server, 'maintenance')}
      title={title}
      className="block truncate"
      aria-label={`${server.serverName}, ${state === 'Processing' ? 'now' : time}: ${title}`}
    >
      {state === 'Processing' ? 'now' : time} {server.serverName}
    </Link>
  );
}
