import { useState } from 'react';
import { Card } from '@/components/ui/card';
import { classNames } from '@/components/ui/class-names';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { TextButton } from '@/components/ui/text-button';
import type { BackupEvent } from '@/lib/arm/local/backup';
import { compareMoments, momentInUtc, momentInZone } from '@/lib/rules/moments';
import { eventWords } from './backup-words';

const FIRST = 8;

interface EventsCardProps {
  events: readonly BackupEvent[];
  onChoose: (moment: string) => void;
}

/** What happened, in the log and beside it, newest first; each is a moment to restore to just before. */
export function EventsCard({ events, onChoose }: EventsCardProps) {
  const [all, setAll] = useState(false);
  const newest = events.toSorted((a, b) => compareMoments(b.at, a.at));
  const shown = all ? newest : newest.slice(0, FIRST);
  const columns: SimpleColumn<BackupEvent>[] = [
    {
      id: 'at',
      header: 'When',
      hiddenOnPhones: true,
      render: ({ at }) => (
        <span className="font-mono text-sm whitespace-nowrap" title={momentInUtc(at)}>
          {momentInZone(at)}
        </span>
      ),
    },
    {
      id: 'what',
      header: 'What',
      render: (event) => (
        <>
          <span
            className={classNames('[overflow-wrap:anywhere]', event.severity === 'Danger' && 'font-semibold text-bad')}
          >
            {eventWords(event)}
          </span>
          {/* On phones there is no room for columns of their own. */}
          <span className="block font-mono text-xs text-text-3 sm:hidden">{momentInZone(event.at)}</span>
          {event.statement && event.statement !== eventWords(event) && (
            <span
              className="block max-w-[min(110ch,45vw)] truncate font-mono text-xs text-text-3"
              title={event.statement}
            >
              {event.statement}
            </span>
          )}
        </>
      ),
    },
    { id: 'database', header: 'Database', hiddenOnPhones: true, render: ({ database }) => database ?? '–' },
    {
      id: 'action',
      header: 'Action',
      headerHidden: true,
      align: 'right',
      render: (event) => (
        <TextButton
          className="whitespace-nowrap"
          aria-label={`Choose the moment just before ${eventWords(event)}`}
          onClick={() => onChoose(event.restorePointBefore)}
        >
          Just before
        </TextButton>
      ),
    },
  ];
  return (
    <Card title="Events" aside="newest first" flush>
      {newest.length === 0 ? (
        <p className="px-4 py-3 text-text-2">
          None yet. Tables that are dropped, emptied or altered, large deletes, changed parameters, failovers and
          restores stand here, each with the moment just before it.
        </p>
      ) : (
        <SimpleTable
          caption="Events"
          columns={columns}
          rows={shown}
          rowId={({ at, kind, table }) => `${at} ${kind} ${table ?? ''}`}
        />
      )}
      {newest.length > shown.length && (
        <div className="border-t border-line px-4 py-2">
          <TextButton onClick={() => setAll(true)}>Show all {newest.length.toLocaleString('en-US')}</TextButton>
        </div>
      )}
    </Card>
  );
}
