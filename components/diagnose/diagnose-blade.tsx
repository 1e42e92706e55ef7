'use client';

import { useQuery } from '@tanstack/react-query';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { HealthPill } from '@/components/servers/health-pill';
import { Card } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format-time';
import { Link } from '@/components/ui/link';
import { Pill, type Tone } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { AvailabilityStatus } from '@/lib/arm/insights/health';
import { paths } from '@/lib/paths';
import { serverChecksQuery, serverHealthQuery } from '@/lib/queries/health';
import type { Check } from '@/lib/rules/server-checks';

const VERDICTS: Record<Check['verdict'], { tone: Tone; words: string }> = {
  ok: { tone: 'ok', words: 'Good' },
  advice: { tone: 'accent', words: 'Advice' },
  warn: { tone: 'warn', words: 'Look at it' },
  bad: { tone: 'bad', words: 'Act now' },
  unknown: { tone: 'off', words: 'Not known' },
};
const WHY: Record<string, string> = {
  userinitiated: 'wanted by somebody',
  planned: 'planned',
  unplanned: 'not planned',
};

/** How the server does and did, and what is to be done about it. */
export function DiagnoseBlade() {
  const key = useServerKey();
  const health = useQuery(serverHealthQuery(key));
  const checks = useQuery(serverChecksQuery(key));
  return (
    <ServerBlade title="Diagnose">
      <Card title="Health now" flush>
        <QueryRegion query={health} skeleton={<SkeletonRows rows={1} columns={2} />}>
          {([now]) =>
            now ? (
              <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-3">
                <HealthPill state={now.properties.availabilityState} reasonType={now.properties.reasonType} />
                <p className="min-w-0 flex-1 basis-60">
                  {/* The pill has said as much of one that is well. */}
                  {now.properties.title !== now.properties.availabilityState && (
                    <b className="font-semibold">{now.properties.title}</b>
                  )}
                  <span className="block text-text-2">{now.properties.summary}</span>
                </p>
                {occurred(now) && (
                  <span className="text-text-3">
                    since <Time value={occurred(now)!} />
                  </span>
                )}
              </div>
            ) : (
              <EmptyState title="Nothing is known of this server yet" />
            )
          }
        </QueryRegion>
      </Card>
      <Card title="Checks" flush>
        <QueryRegion query={checks} skeleton={<SkeletonRows rows={8} columns={3} />}>
          {(list) => (
            <ul aria-label="Checks">
              {list.map(({ id, title, verdict, finding, fix }) => (
                <li
                  key={id}
                  className="grid items-baseline gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 last:border-0 sm:grid-cols-[112px_170px_1fr_auto]"
                >
                  <span>
                    <Pill tone={VERDICTS[verdict].tone}>{VERDICTS[verdict].words}</Pill>
                  </span>
                  <b className="font-semibold">{title}</b>
                  <span className="min-w-0 text-text-2">{finding}</span>
                  <span>{fix && <Link href={paths.server(key, fix.blade)}>{fix.words}</Link>}</span>
                </li>
              ))}
            </ul>
          )}
        </QueryRegion>
      </Card>
      <Card title="Health history" flush>
        <QueryRegion
          query={health}
          skeleton={<SkeletonRows rows={3} columns={3} />}
          isEmpty={(list) => list.length < 2}
          empty={
            <EmptyState title="Nothing has changed">
              Outages and their ends are listed here for 90 days, with the reason.
            </EmptyState>
          }
        >
          {(list) => (
            <ul aria-label="Health history">
              {list.slice(1).map((status, index) => (
                <li
                  key={status.name}
                  className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-0"
                >
                  <span className="w-44 shrink-0 text-text-3">
                    {occurred(status) && <Time value={occurred(status)!} seconds />}
                  </span>
                  <HealthPill state={status.properties.availabilityState} reasonType={status.properties.reasonType} />
                  <span className="min-w-0 flex-1 basis-52">
                    <b className="font-semibold">{status.properties.title}</b>
                    {status.properties.reasonType && (
                      <span className="text-text-3">, {whyWords(status.properties.reasonType)}</span>
                    )}
                    {status.properties.availabilityState !== 'Available' && (
                      <span className="block text-text-2">{status.properties.summary}</span>
                    )}
                  </span>
                  <span className="text-text-3">for {lasted(status, list[index])}</span>
                </li>
              ))}
            </ul>
          )}
        </QueryRegion>
      </Card>
    </ServerBlade>
  );
}

function occurred({ properties }: AvailabilityStatus): string | undefined {
  return properties.occuredTime ?? properties.occurredTime ?? undefined;
}

/** @param next what followed. */
function lasted(status: AvailabilityStatus, next: AvailabilityStatus | undefined): string {
  const from = Date.parse(occurred(status) ?? '');
  const to = next ? Date.parse(occurred(next) ?? '') : Number.NaN;
  return Number.isFinite(to - from) ? formatDuration(to - from) : 'a time that is not known';
}

/** Azure writes it in several ways: `User Initiated`, `UserInitiated`. */
function whyWords(reason: string): string {
  return WHY[reason.replaceAll(' ', '').toLowerCase()] ?? reason;
}
