import { Pill } from '@/components/ui/pill';
import { Time } from '@/components/ui/time';
import type { LogEntry } from '@/lib/arm/local/log-entry';
import { formatCount, formatSeconds } from '@/lib/rules/seconds';

/** Entries of a log, the newest first. @param search is marked. */
export function LogEntryList({ label, entries, search }: { label: string; entries: LogEntry[]; search?: string }) {
  // Of both sides of a server: of one alone it goes without saying.
  const isMixed = new Set(entries.map(({ zone }) => zone)).size > 1;
  return (
    // A region that scrolls is reached by the keyboard, too.
    <div className="max-h-[560px] overflow-auto" role="region" aria-label={label} tabIndex={0}>
      <ul>
        {entries.toReversed().map((entry) => (
          <li key={entry.id} className="border-b border-line px-4 py-2 last:border-0">
            <p className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs text-text-2">
              <span className="text-text-3">
                <Time value={entry.time} seconds />
              </span>
              <Facts entry={entry} isMixed={isMixed} />
            </p>
            <pre className="mt-0.5 font-mono text-sm break-words whitespace-pre-wrap">
              <Marked text={entry.text} search={search} />
              {entry.isCut && <span className="text-text-3"> … (the file has all of it)</span>}
            </pre>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Facts({ entry, isMixed }: { entry: LogEntry; isMixed: boolean }) {
  const { level, code, seconds, user, clientAddress, database, rowsExamined, rowsSent, connectionId, zone } = entry;
  const tone = level === 'ERROR' || level === 'Error' ? 'bad' : level === 'Warning' ? 'warn' : 'off';
  return (
    <>
      {level && <Pill tone={tone}>{level}</Pill>}
      {code && <span>{code}</span>}
      {seconds !== undefined && <b className="font-semibold text-text">{formatSeconds(seconds)}</b>}
      {rowsExamined !== undefined && (
        <span>
          {formatCount(rowsExamined)} {rowsExamined === 1 ? 'row' : 'rows'} read, {formatCount(rowsSent ?? 0)} sent
        </span>
      )}
      {(user || clientAddress) && (
        <span>{[user, clientAddress && `from ${clientAddress}`].filter(Boolean).join(' ')}</span>
      )}
      {database && <span>in {database}</span>}
      {connectionId !== undefined && <span className="text-text-3">session {connectionId}</span>}
      {isMixed && zone && <span className="text-text-3">zone {zone}</span>}
    </>
  );
}

function Marked({ text, search }: { text: string; search: string | undefined }) {
  const at = search === undefined ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (search === undefined || at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="bg-accent-weak text-text">{text.slice(at, at + search.length)}</mark>
      {text.slice(at + search.length)}
    </>
  );
}
