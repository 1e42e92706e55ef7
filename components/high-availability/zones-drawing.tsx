import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Pill, type Tone } from '@/components/ui/pill';
import { Time } from '@/components/ui/time';
import { ServerStatePill } from '@/components/servers/server-state';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { lastHourQuery } from '@/lib/queries/metrics';
import { highAvailabilityState } from '@/lib/rules/high-availability';

/** What goes from one copy to the other. */
const JOINTS: Record<string, string> = {
  Healthy: 'every commit',
  CreatingStandby: 'catching up',
  FailingOver: 'changing places',
  RemovingStandby: 'no longer copied',
};

/** Where the two copies are and how they do: two boxes and what joins them. */
export function ZonesDrawing({ serverKey, server }: { serverKey: ServerKey; server: Server }) {
  const { state, availabilityZone, highAvailability } = server.properties;
  const mode = highAvailability?.mode ?? 'Disabled';
  const haState = highAvailability?.state ?? 'NotEnabled';
  const { words, standby, passing } = highAvailabilityState(haState);
  const none = mode === 'Disabled' && !passing;
  const stopped = state === 'Stopped';
  const healthy = haState === 'Healthy' && !stopped;
  const failingOver = haState === 'FailingOver' && !stopped;
  const joint = none ? 'nothing copied' : (JOINTS[haState] ?? 'not in step');
  const tone: Tone = none || stopped ? 'off' : healthy ? 'ok' : 'accent';
  return (
    <div className="grid gap-3">
      <div className="grid sm:grid-cols-[minmax(0,1fr)_minmax(90px,0.5fr)_minmax(0,1fr)]">
        <Copy title="Primary" zone={availabilityZone}>
          {failingOver ? (
            <Pill tone="warn" busy>
              out of service
            </Pill>
          ) : (
            <ServerStatePill state={state} />
          )}
        </Copy>
        <Joint solid={healthy} words={stopped && !none ? 'at rest' : joint} />
        <Copy
          title="Standby"
          zone={none ? null : highAvailability?.standbyAvailabilityZone}
          dashed={none}
          note={healthy && <Lag server={serverKey} />}
        >
          <Pill tone={tone} busy={passing}>
            {none ? 'none' : stopped ? 'Stopped' : standby}
          </Pill>
        </Copy>
      </div>
      <p className="max-w-prose text-text-2">
        {stopped && !none ? 'Both are stopped. The standby catches up when the server is started.' : words}
      </p>
    </div>
  );
}

interface CopyProps {
  title: string;
  zone: string | null | undefined;
  dashed?: boolean;
  note?: ReactNode;
  children: ReactNode;
}

function Copy({ title, zone, dashed, note, children }: CopyProps) {
  return (
    <div
      className={`flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 rounded-card border px-4 py-3 ${dashed ? 'border-dashed border-line-strong' : 'border-line bg-sunken'}`}
    >
      <div className="mr-auto">
        <h3 className="font-semibold">{title}</h3>
        <p className="text-text-2">{zone ? `Zone ${zone}` : 'No zone'}</p>
        {note}
      </div>
      {children}
    </div>
  );
}

/** How far behind it was when it was last looked at; nothing until a minute has been sampled. */
function Lag({ server }: { server: ServerKey }) {
  const { data } = useQuery(lastHourQuery(server, ['HA_replication_lag'], 'Maximum'));
  const values = data?.series[0]?.values ?? [];
  const newest = values.findLastIndex((value) => value !== null);
  const at = data?.times[newest];
  if (at === undefined) return null;
  return (
    <p className="text-xs text-text-3">
      {seconds.format(values[newest]!)} s behind at <Time value={at} />
    </p>
  );
}

const seconds = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** A line from one to the other; upright where the boxes stand above each other. */
function Joint({ solid, words }: { solid: boolean; words: string }) {
  const line = solid ? 'border-ok' : 'border-dashed border-line-strong';
  return (
    <div className="flex items-center justify-center gap-2 max-sm:h-12 max-sm:pl-6 sm:flex-col sm:gap-1">
      <span className="text-xs text-text-3 max-sm:order-2">{words}</span>
      <span aria-hidden className={`max-sm:h-full max-sm:border-l-2 sm:w-full sm:border-t-2 ${line}`} />
      <span aria-hidden className="text-xs max-sm:hidden">
        &nbsp;
      </span>
    </div>
  );
}
