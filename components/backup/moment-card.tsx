import { History, Table2 } from 'lucide-react';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState, useSyncExternalStore } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format-time';
import { Notice } from '@/components/ui/notice';
import { TextButton } from '@/components/ui/text-button';
import { TextField } from '@/components/ui/text-field';
import type { ServerKey } from '@/lib/arm/resource-id';
import { restoreEstimateQuery } from '@/lib/queries/backups';
import { RequestError } from '@/lib/queries/client';
import type { ServerBackups } from '@/lib/arm/mysql/server-backups';
import { restorePointProblem } from '@/lib/rules/backup-history';
import { compareMoments, momentInUtc, momentInZone, momentTime, parseMoment } from '@/lib/rules/moments';
import { eventWords, seconds } from './backup-words';
import { Timeline } from './timeline';
import { spanOfBackups, zoomedSpan } from './timeline-marks';

const HOUR = 3_600_000;
const RANGES = ['all', '24h', '1h', '10m'] as const;
const RANGE_MS = { all: undefined, '24h': 24 * HOUR, '1h': HOUR, '10m': HOUR / 6 };
const RANGE_WORDS = { all: 'All', '24h': '24 hours', '1h': '1 hour', '10m': '10 minutes' };
const MOST_EVENT_BUTTONS = 2;

interface MomentCardProps {
  server: ServerKey;
  backups: ServerBackups;
  /** Undefined: the newest. */
  moment: string | undefined;
  onChoose: (moment: string | undefined) => void;
  onRestore: () => void;
  restoreProblem: string | undefined;
  /** Undefined where the cloud can't bring back single tables. */
  onRecover: (() => void) | undefined;
  recoverProblem: string | undefined;
}

/** Choose any moment: dragged, typed, or one of those that people mean; and what restoring to it takes. */
export function MomentCard(props: MomentCardProps) {
  const { server, backups, moment, onChoose, onRestore, restoreProblem, onRecover, recoverProblem } = props;
  const [range, setRange] = useQueryState('range', parseAsStringLiteral(RANGES).withDefault('all'));
  const narrow = useNarrow();
  const whole = spanOfBackups(backups);
  if (!whole) return null;
  const span = zoomedSpan(whole, RANGE_MS[range], moment === undefined ? undefined : momentTime(moment));
  const ranges = RANGES.filter((one) => one === 'all' || RANGE_MS[one]! < whole.to - whole.from);
  const problem = moment === undefined ? undefined : restorePointProblem(moment, backups);
  return (
    <Card
      title="Choose a moment"
      aside={
        ranges.length > 1 && (
          <span role="group" aria-label="Shown" className="flex gap-3">
            {ranges.map((one) => (
              <TextButton
                key={one}
                aria-pressed={one === range}
                onClick={() => void setRange(one)}
                className={one === range ? 'font-semibold text-text!' : undefined}
              >
                {RANGE_WORDS[one]}
              </TextButton>
            ))}
          </span>
        )
      }
      flush
    >
      <Timeline backups={backups} span={span} narrow={narrow} moment={moment} onChoose={onChoose} />
      <div className="flex flex-wrap items-start gap-2 px-4 pb-4">
        <MomentField backups={backups} moment={moment} onChoose={onChoose} />
        <Shortcuts backups={backups} moment={moment} onChoose={onChoose} />
      </div>
      {backups.gaps.length > 0 && (
        <div className="px-4 pb-4">
          <Notice tone="warn" title={backups.gaps.length === 1 ? 'The log has a gap.' : 'The log has gaps.'}>
            {backups.gaps
              .map(({ from, to, reason }) => `${momentInZone(from)} – ${momentInZone(to)}: ${reason}`)
              .join(' ')}{' '}
            Moments within can’t be restored; all others can.
          </Notice>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 border-t border-line px-4 py-3">
        {problem ? (
          <p className="text-bad">{problem}</p>
        ) : (
          <RestoreWords server={server} backups={backups} moment={moment} />
        )}
        <span className="ml-auto flex flex-wrap gap-2">
          {onRecover && (
            <Button icon={Table2} onClick={onRecover} disabledReason={recoverProblem}>
              Bring back tables…
            </Button>
          )}
          <Button variant="primary" icon={History} onClick={onRestore} disabledReason={restoreProblem ?? problem}>
            Restore to a new server…
          </Button>
        </span>
      </div>
    </Card>
  );
}

function MomentField({ backups, moment, onChoose }: Pick<MomentCardProps, 'backups' | 'moment' | 'onChoose'>) {
  const shown = moment ?? backups.newestRestorePoint ?? '';
  // What is being typed, until another moment is chosen.
  const [draft, setDraft] = useState<{ of: string | undefined; text: string }>();
  const text = draft && draft.of === moment ? draft.text : undefined;
  const typed = text === undefined ? undefined : parseMoment(text);
  const wrong = typed && (typed.problem ?? restorePointProblem(typed.moment, backups));
  const known = typed && typed.problem === undefined ? typed : undefined;
  const take = () => {
    if (known && !wrong) onChoose(known.moment);
  };
  return (
    <div className="w-full min-w-0 sm:w-[330px]">
      <TextField
        label={`Moment, in your zone (${Intl.DateTimeFormat().resolvedOptions().timeZone})`}
        layout="stack"
        mono
        value={text ?? momentInZone(shown)}
        onChange={(event) => setDraft({ of: moment, text: event.target.value })}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
        error={wrong}
        description={known?.note ?? momentInUtc(known?.moment ?? shown)}
      />
    </div>
  );
}

function Shortcuts({ backups, moment, onChoose }: Pick<MomentCardProps, 'backups' | 'moment' | 'onChoose'>) {
  const dangers = backups.events
    .filter(({ severity }) => severity === 'Danger')
    .toSorted((a, b) => compareMoments(b.at, a.at))
    .slice(0, MOST_EVENT_BUTTONS);
  const fastest = backups.fullBackups.find(({ state, restorePoint }) => state === 'Succeeded' && restorePoint !== null);
  return (
    <div className="flex min-w-0 grow basis-64 flex-wrap gap-2 sm:pt-[31px]">
      {dangers.map((event) => (
        <Button
          key={event.at}
          aria-pressed={moment === event.restorePointBefore}
          onClick={() => onChoose(event.restorePointBefore)}
        >
          Just before {eventWords(event)}
        </Button>
      ))}
      <Button aria-pressed={moment === undefined} onClick={() => onChoose(undefined)}>
        Latest
      </Button>
      {fastest?.restorePoint && (
        <Button aria-pressed={moment === fastest.restorePoint} onClick={() => onChoose(fastest.restorePoint!)}>
          Fastest: full backup of {momentInZone(fastest.restorePoint).slice(0, 16)}
        </Button>
      )}
    </div>
  );
}

function RestoreWords({ server, backups, moment }: Pick<MomentCardProps, 'server' | 'backups' | 'moment'>) {
  const estimate = useQuery({ ...restoreEstimateQuery(server, moment), enabled: backups.detailed, retry: false });
  const left =
    moment && backups.newestRestorePoint ? momentTime(backups.newestRestorePoint) - momentTime(moment) : undefined;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      {estimate.data && (
        <>
          <Fact term="Takes about" value={seconds(estimate.data.estimatedSeconds)} />
          <Fact term="Replays" value={`${estimate.data.transactionsToReplay.toLocaleString('en-US')} transactions`} />
        </>
      )}
      {/* Whoever may not restore need not know how long it takes. */}
      {estimate.error && !isForbidden(estimate.error) && <Fact term="No estimate:" value={estimate.error.message} />}
      <Fact
        term="Leaves out"
        value={left === undefined || left < 1 ? 'nothing' : `the last ${formatDuration(Math.max(1000, left))}`}
      />
    </dl>
  );
}

function isForbidden(error: Error): boolean {
  return error instanceof RequestError && error.status === 403;
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-text-3">{term}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  );
}

const NARROW = '(max-width: 640px)';

function subscribe(listener: () => void): () => void {
  const list = window.matchMedia(NARROW);
  list.addEventListener('change', listener);
  return () => list.removeEventListener('change', listener);
}

function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(NARROW).matches,
    () => false,
  );
}
