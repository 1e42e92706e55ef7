import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useServer } from '@/components/servers/use-server';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { maintenancesQuery } from '@/lib/queries/maintenances';
import { lastHourQuery } from '@/lib/queries/metrics';
import { highAvailabilityState } from '@/lib/rules/high-availability';
import { nextMaintenance } from '@/lib/rules/maintenance-changes';
import { LAST_HOUR_METRICS } from './last-hour';

const AHEAD_MS = 14 * 24 * 60 * 60_000;
const GIB = 1024 ** 3;
/** Shares of the storage that are used. */
const ALMOST_FULL = 0.85;
const FULL = 0.95;

/** What somebody who looks at this server should know before anything else. */
export function OverviewNotices({ server }: { server: ServerKey }) {
  return (
    <>
      <ReasonNotice server={server} />
      <StandbyNotice server={server} />
      <StorageNotice server={server} />
      <MaintenanceNotice server={server} />
    </>
  );
}

/** Why it is being changed, or what of it went wrong; a server that is not running says so on each of its blades. */
function ReasonNotice({ server }: { server: ServerKey }) {
  const { state, stateReason, highAvailability } = useServer(server).data?.properties ?? {};
  if (!stateReason || state === 'Stopped' || state === 'Disabled') return null;
  // Said below, with more.
  if (highAvailability?.state === 'FailingOver') return null;
  return <Notice tone={state === 'Ready' ? 'warn' : 'info'}>{stateReason}</Notice>;
}

function StandbyNotice({ server }: { server: ServerKey }) {
  const { state, highAvailability } = useServer(server).data?.properties ?? {};
  const { mode = 'Disabled', state: of } = highAvailability ?? {};
  if (!mode || mode === 'Disabled' || !of || of === 'Healthy') return null;
  // Without a primary that answers, the standby is not what people wait for.
  if (state === 'Stopped' || state === 'Starting' || state === 'Disabled') return null;
  const { words, standby } = highAvailabilityState(of);
  return (
    <Notice
      tone={of === 'FailingOver' ? 'bad' : 'warn'}
      title={of === 'FailingOver' ? 'This server is failing over.' : `The standby is not ready: ${standby}.`}
      action={<Link href={paths.server(server, 'high-availability')}>High availability</Link>}
    >
      {words}
    </Notice>
  );
}

function StorageNotice({ server }: { server: ServerKey }) {
  const { storage, state } = useServer(server).data?.properties ?? {};
  const { data } = useQuery(lastHourQuery(server, LAST_HOUR_METRICS, 'Average'));
  const used = data?.series.find(({ name }) => name === 'storage_used')?.values.findLast((value) => value !== null);
  if (!storage?.storageSizeGB || typeof used !== 'number' || state === 'Stopped') return null;
  const share = used / (storage.storageSizeGB * GIB);
  if (share < ALMOST_FULL) return null;
  return (
    <Notice
      tone={share < FULL ? 'warn' : 'bad'}
      title={`${Math.floor(share * 100)} % of the storage is used.`}
      action={<Link href={paths.server(server, 'compute-storage')}>Add storage</Link>}
    >
      {storage.autoGrow === 'Enabled'
        ? 'It grows by itself before it is full.'
        : 'A server whose storage is full takes no more writes, and this one does not grow by itself.'}
    </Notice>
  );
}

function MaintenanceNotice({ server }: { server: ServerKey }) {
  const { data } = useQuery(maintenancesQuery(server));
  const [opened] = useState(() => new Date());
  const next = nextMaintenance(data ?? [], opened, AHEAD_MS);
  if (!next) return null;
  const { maintenanceTitle, maintenanceStartTime } = next.properties;
  return (
    <Notice
      title={
        <>
          Maintenance <Time value={maintenanceStartTime!} mode="relative" />.
        </>
      }
      action={<Link href={paths.server(server, 'maintenance')}>Review or reschedule</Link>}
    >
      {maintenanceTitle && `${maintenanceTitle}, `}
      <Time value={maintenanceStartTime!} mode="zoned" />
    </Notice>
  );
}
