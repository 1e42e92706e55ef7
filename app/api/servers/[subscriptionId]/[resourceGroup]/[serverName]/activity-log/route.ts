import { ArmError } from '@/lib/arm/error';
import type { ServerKey } from '@/lib/arm/resource-id';
import { listActivity } from '@/lib/azure/activity-log';
import { readRoute } from '@/lib/azure/read-route';

const HOUR = 3_600_000;
/** ARM keeps the activity log for 90 days. */
const MOST_HOURS = 90 * 24;

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) => {
  const hours = Number(query.get('hours') ?? 24);
  if (!(hours > 0 && hours <= MOST_HOURS)) {
    throw new ArmError('InvalidTimeRange', 400, `Ask for 1 to ${MOST_HOURS} hours.`, { target: 'hours' });
  }
  const now = Date.now();
  return listActivity(arm, params, new Date(now - hours * HOUR), new Date(now));
});
