import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { tickLabel, timeTicks } from '@/components/charts/time-ticks';
import { classNames } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import type { ServerBackups } from '@/lib/arm/mysql/server-backups';
import { momentAt, momentInUtc, momentInZone, momentTime } from '@/lib/rules/moments';
import { backupWords, eventWords } from './backup-words';
import { isWithin, labelledEvents, placeOf, type Span } from './timeline-marks';

/** Share of the width that an event's words take, on a wide screen and a narrow one. */
const LABEL_ROOM = { wide: 0.17, narrow: 0.5 };
const MOST_TICKS = { wide: 9, narrow: 4 };
/** What an arrow key moves by, as a share of what is shown. */
const STEP = 1 / 200;

interface TimelineProps {
  backups: ServerBackups;
  span: Span;
  narrow: boolean;
  /** Undefined: the newest. */
  moment: string | undefined;
  onChoose: (moment: string | undefined) => void;
}

/**
 * One axis: where the log is unbroken, full backups, what happened; and the chosen moment, which is dragged or moved by
 * arrow keys. What the marks say stands in the lists below it as well.
 */
export function Timeline({ backups, span, narrow, moment, onChoose }: TimelineProps) {
  const axis = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState<string>();
  const chosen = dragging ?? moment ?? backups.newestRestorePoint ?? momentAt(span.to);
  const time = momentTime(chosen);
  const ticks = ticksOf(span, narrow ? MOST_TICKS.narrow : MOST_TICKS.wide);
  const labels = labelledEvents(backups.events, span, narrow ? LABEL_ROOM.narrow : LABEL_ROOM.wide);
  const percent = (at: number) => `${100 * Math.min(1, Math.max(0, placeOf(span, at)))}%`;
  const wide = (from: string, to: string) => ({
    left: percent(momentTime(from)),
    right: `calc(100% - ${percent(momentTime(to))})`,
  });
  const within = (at: number) => Math.min(span.to, Math.max(span.from, at));
  const pointed = ({ clientX }: PointerEvent) => {
    const box = axis.current!.getBoundingClientRect();
    return momentAt(within(span.from + ((clientX - box.left) / box.width) * (span.to - span.from)));
  };
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging(pointed(event));
  };
  const end = (event: PointerEvent) => {
    if (dragging === undefined) return;
    onChoose(pointed(event));
    setDragging(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = (span.to - span.from) * STEP * (event.shiftKey ? 10 : 1);
    const targets: Record<string, number> = {
      ArrowLeft: time - step,
      ArrowDown: time - step,
      ArrowRight: time + step,
      ArrowUp: time + step,
      Home: span.from,
      End: span.to,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onChoose(event.key === 'End' ? undefined : momentAt(within(target)));
  };

  return (
    <div className="px-2 pt-2 pb-1 select-none">
      <div
        ref={axis}
        className="relative h-[132px] cursor-pointer touch-pan-y"
        onPointerDown={begin}
        onPointerMove={(event) => dragging !== undefined && setDragging(pointed(event))}
        onPointerUp={end}
        onPointerCancel={() => setDragging(undefined)}
      >
        {labels.map((event) => {
          const place = placeOf(span, momentTime(event.at));
          const danger = event.severity === 'Danger';
          return (
            <div
              key={`${event.at}${event.kind}`}
              className={classNames('absolute top-0 text-xs', danger ? 'text-bad' : 'text-warn')}
              style={place > 0.5 ? { right: `${100 * (1 - place)}%` } : { left: `${100 * place}%` }}
            >
              <div
                className={classNames(
                  'max-w-44 border-current px-1.5 leading-4',
                  place > 0.5 ? 'border-r text-right' : 'border-l',
                )}
              >
                <span className={classNames('block truncate', danger && 'font-semibold')}>{eventWords(event)}</span>
                <span className="block h-10 font-mono text-2xs">{momentInZone(event.at).slice(11, 23)}</span>
              </div>
            </div>
          );
        })}
        <div className="absolute inset-x-0 top-[60px] h-3.5 rounded-sm bg-sunken" />
        {backups.log
          .filter(({ from, to }) => momentTime(to) >= span.from && momentTime(from) <= span.to)
          .map(({ from, to }) => (
            <div
              key={from}
              className="absolute top-[60px] h-3.5 rounded-sm bg-accent opacity-35"
              style={wide(from, to)}
            />
          ))}
        {backups.gaps
          .filter(({ from, to }) => momentTime(to) >= span.from && momentTime(from) <= span.to)
          .map(({ from, to, reason }) => (
            <Tooltip key={from} content={`No log from ${momentInZone(from)} to ${momentInZone(to)}: ${reason}`}>
              <div
                className="absolute top-[60px] h-3.5 min-w-1 border-x border-bad bg-bad-weak"
                style={wide(from, to)}
              />
            </Tooltip>
          ))}
        {backups.events
          .filter(({ at }) => isWithin(span, momentTime(at)))
          .map((event) => (
            <Tooltip
              key={`${event.at}${event.kind}${event.table ?? ''}`}
              content={`${eventWords(event)} · ${momentInZone(event.at)}`}
            >
              <div
                className={classNames(
                  'absolute top-[56px] -ml-px h-[22px] w-0.5',
                  event.severity === 'Danger' ? 'bg-bad' : 'bg-warn',
                )}
                style={{ left: percent(momentTime(event.at)) }}
              />
            </Tooltip>
          ))}
        {backups.fullBackups
          .filter(({ restorePoint }) => restorePoint !== null && isWithin(span, momentTime(restorePoint)))
          .map((backup) => (
            <Tooltip
              key={backup.name}
              content={`${backupWords(backup)} · ${momentInZone(backup.restorePoint!)}${backup.state === 'Damaged' ? ' · damaged' : ''}`}
            >
              <div
                className={classNames(
                  'absolute top-[60px] -ml-[7px] size-3.5 rounded-full border-2 border-surface',
                  backup.state === 'Damaged' ? 'bg-bad' : 'bg-accent',
                )}
                style={{ left: percent(momentTime(backup.restorePoint!)) }}
              />
            </Tooltip>
          ))}
        {isWithin(span, time) && (
          <div
            role="slider"
            tabIndex={0}
            aria-label="Moment to restore to"
            aria-valuemin={Math.round(span.from)}
            aria-valuemax={Math.round(span.to)}
            aria-valuenow={Math.round(time)}
            aria-valuetext={`${momentInZone(chosen)}, ${momentInUtc(chosen)}`}
            onKeyDown={onKeyDown}
            className="absolute top-[46px] -ml-3 flex h-[42px] w-6 cursor-ew-resize items-center justify-center rounded"
            style={{ left: percent(time) }}
          >
            <span className="absolute h-full w-0.5 bg-text" />
            <span className="relative size-3.5 rounded-full border-2 border-text bg-surface" />
          </div>
        )}
        <div aria-hidden className="absolute inset-x-0 top-[96px] text-xs text-text-3">
          {ticks.map(({ at: tick, label }) => {
            const place = placeOf(span, tick);
            return (
              <span
                key={tick}
                className={classNames(
                  'absolute whitespace-nowrap',
                  place > 0.04 && place <= 0.96 && '-translate-x-1/2',
                  place > 0.96 && '-translate-x-full',
                )}
                style={{ left: `${100 * place}%` }}
              >
                {label}
              </span>
            );
          })}
        </div>
      </div>
      <p className="-mt-2 min-h-4 text-xs text-text-2" aria-hidden>
        {dragging !== undefined && momentInZone(dragging)}
      </p>
    </div>
  );
}

/** Round times; the two ends, to the second, where the axis is too short for those. */
function ticksOf({ from, to }: Span, most: number): { at: number; label: string }[] {
  const ticks = timeTicks(from, to, most);
  if (ticks.length > 1) return ticks.map((at) => ({ at, label: tickLabel(at, ticks) }));
  return [from, to].map((at) => ({ at, label: momentInZone(momentAt(at)).slice(11, 19) }));
}
