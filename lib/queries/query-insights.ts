import { queryOptions } from '@tanstack/react-query';
import type { IndexAdviceList, StatementDetail, StatementOrder, TopStatements } from '../arm/local/query-insights.ts';
import type { Sessions } from '../arm/local/session.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { keyOf, read, readQuery } from './client.ts';

const MINUTE = 60_000;
/** A new minute is there some seconds after it has ended. */
const SETTLES_MS = 8_000;

/** Reads of a time that ends now: again with each new minute. The key has the span and not its moments. */
function sinceQuery<Data>(
  key: ServerKey,
  name: string[],
  spanMs: number,
  path: (query: Record<string, string>) => string,
) {
  return queryOptions({
    queryKey: [...keyOf(apiPaths.server(key)), 'insights', ...name, { spanMs }],
    queryFn: ({ signal }) => {
      const now = Date.now();
      const to = new Date(now).toISOString();
      return read<Data>(path({ from: new Date(now - spanMs).toISOString(), to }), signal);
    },
    refetchInterval: () => MINUTE - ((Date.now() - SETTLES_MS) % MINUTE),
  });
}

export function topStatementsQuery(key: ServerKey, spanMs: number, orderBy: StatementOrder) {
  return sinceQuery<TopStatements>(key, ['statements', orderBy], spanMs, (query) =>
    apiPaths.queryStatements(key, { ...query, orderBy, top: '50' }),
  );
}

export function statementQuery(key: ServerKey, spanMs: number, id: string) {
  return sinceQuery<StatementDetail>(key, ['statement', id], spanMs, (query) =>
    apiPaths.queryStatement(key, id, query),
  );
}

export function indexAdviceQuery(key: ServerKey, spanMs: number) {
  return sinceQuery<IndexAdviceList>(key, ['advice'], spanMs, (query) => apiPaths.indexAdvice(key, query));
}

export function sessionsQuery(key: ServerKey) {
  return readQuery<Sessions>(apiPaths.sessions(key));
}
