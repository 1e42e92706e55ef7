import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { PowerOff, SearchX } from 'lucide-react';
import { debounce, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Switch } from '@/components/ui/checkbox';
import { QueryRegion } from '@/components/ui/query-region';
import { Select } from '@/components/ui/select';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { SearchBox } from '@/components/ui/text-field';
import type { LogEntries, LogEntry, LogKind } from '@/lib/arm/local/log-entry';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { keyOf, type RequestError } from '@/lib/queries/client';
import { readLogEntries } from '@/lib/queries/server-logs';
import { LogEntryList } from './log-entry-list';

const LIVE_MS = 2_000;
/** Older ones are in the files. */
const MOST_SHOWN = 500;
const KINDS = [
  { id: 'slowlog', label: 'Slow queries' },
  { id: 'errorlog', label: 'Errors' },
  { id: 'connectionlog', label: 'Connections' },
];

const NOTHING_YET: Record<LogKind, string> = {
  slowlog: 'Statements that take longer than the threshold appear here as they end, once slow queries are logged.',
  errorlog: 'What MySQL says of itself appears here.',
  connectionlog: 'Who connects, and who is refused, appears here.',
};

/** What the logs say: as it comes, or searched. */
export function LogReader({ server }: { server: ServerKey }) {
  const [kind, setKind] = useQueryState(
    'log',
    parseAsStringLiteral(['slowlog', 'errorlog', 'connectionlog']).withDefault('slowlog'),
  );
  const [live, setLive] = useQueryState('live', parseAsStringLiteral(['off']));
  const [search, setSearch] = useQueryState('search', parseAsString.withDefault(''));
  return (
    <Card
      title="Entries"
      aside={search.trim() === '' ? 'the newest first' : 'that hold the text, in any letters'}
      flush
    >
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2 border-b border-line px-4 pt-2 pb-3">
        <div className="w-44">
          <Select
            label="Log"
            layout="stack"
            options={KINDS}
            value={kind}
            onChange={(id) => void setKind(id as LogKind)}
          />
        </div>
        <div className="min-w-48 flex-1 pb-[7px]">
          <SearchBox
            label="Search entries"
            placeholder="Search all files"
            value={search}
            onChange={(text) => void setSearch(text === '' ? null : text, { limitUrlUpdates: debounce(300) })}
          />
        </div>
        {search.trim() === '' && (
          <div className="pb-2">
            <Switch label="Live" checked={live === null} onChange={(on) => void setLive(on ? null : 'off')} />
          </div>
        )}
      </div>
      {search.trim() === '' ? (
        <Tail server={server} kind={kind} live={live === null} />
      ) : (
        <Found server={server} kind={kind} search={search.trim()} />
      )}
    </Card>
  );
}

interface Tailed {
  entries: LogEntry[];
  cursor: string | undefined;
}

function Tail({ server, kind, live }: { server: ServerKey; kind: LogKind; live: boolean }) {
  const client = useQueryClient();
  const queryKey = [...keyOf(apiPaths.server(server)), 'log-tail', kind];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Tailed> => {
      const before = client.getQueryData<Tailed>(queryKey);
      let entries = before?.entries ?? [];
      let cursor = before?.cursor;
      let answer: LogEntries;
      do {
        answer = await readLogEntries(server, { kind, cursor }, signal);
        const known = new Set(entries.map(({ id }) => id));
        entries = [...entries, ...answer.value.filter(({ id }) => !known.has(id))].slice(-MOST_SHOWN);
        ({ cursor } = answer);
      } while (answer.hasMore && cursor !== undefined);
      return { entries, cursor };
    },
    refetchInterval: live ? LIVE_MS : false,
  });
  if (!query.data && (query.error as RequestError | null)?.code === 'LogNotEnabled') {
    return (
      <EmptyState icon={PowerOff} title="This log is off">
        {query.error?.message} It is among what is logged, above.
      </EmptyState>
    );
  }
  return (
    <QueryRegion
      query={query}
      skeleton={<SkeletonRows rows={5} columns={2} />}
      isEmpty={({ entries }) => entries.length === 0}
      empty={<EmptyState title="Nothing is logged yet">{NOTHING_YET[kind]}</EmptyState>}
    >
      {({ entries }) => <LogEntryList label="Newest entries" entries={entries} />}
    </QueryRegion>
  );
}

function Found({ server, kind, search }: { server: ServerKey; kind: LogKind; search: string }) {
  const query = useInfiniteQuery({
    queryKey: [...keyOf(apiPaths.server(server)), 'log-search', kind, search],
    queryFn: ({ pageParam, signal }) => readLogEntries(server, { kind, search, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
  // Each page is older than the one before.
  const entries = (query.data?.pages ?? []).toReversed().flatMap(({ value }) => value);
  return (
    <>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={5} columns={2} />}
        isEmpty={() => entries.length === 0}
        empty={
          <EmptyState icon={SearchX} title={`No entry holds “${search}”`}>
            {query.hasNextPage ? 'So far: older files were not searched yet.' : 'All files were searched.'}
          </EmptyState>
        }
      >
        {() => <LogEntryList label={`Entries with ${search}`} entries={entries} search={search} />}
      </QueryRegion>
      {query.hasNextPage && (
        <div className="px-4 py-3">
          <Button onClick={() => void query.fetchNextPage()} pending={query.isFetchingNextPage}>
            Search older entries
          </Button>
        </div>
      )}
    </>
  );
}
