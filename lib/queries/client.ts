import { QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { accessToken } from '../auth/session.ts';
import { apiPaths } from '../paths.ts';

/** ARM's refusal, or the portal's own, as a route handler answered it. */
export class RequestError extends Error {
  readonly code: string;
  readonly status: number;
  readonly target: string | undefined;
  readonly requestId: string | undefined;
  readonly details: { code: string; message: string; target?: string }[] | undefined;

  constructor(status: number, error: Partial<Omit<RequestError, 'status'>>) {
    super(error.message ?? `The portal answered with status ${status}.`);
    this.name = 'RequestError';
    this.code = error.code ?? 'UnexpectedResponse';
    this.status = status;
    this.target = error.target;
    this.requestId = error.requestId;
    this.details = error.details;
  }
}

/**
 * GET of a route handler as the person who is signed in. The handler has parsed the answer; it is trusted here.
 *
 * @param path from `apiPaths`.
 * @throws {RequestError} with ARM's code, words and request id; status 0 when the portal itself does not answer.
 */
export function read<Data>(path: string, signal?: AbortSignal): Promise<Data> {
  return request(path, { signal });
}

/** POST of a question whose words belong in no address. Throws as {@link read}. */
export function ask<Data>(path: string, question: unknown): Promise<Data> {
  return request(path, { method: 'POST', body: JSON.stringify(question) });
}

/** The person has to sign in again; anything else that keeps a token away may pass. */
export function isSessionEnd(failure: unknown): failure is Error {
  return failure instanceof Error && 'status' in failure && failure.status === 401;
}

const SIGN_IN_UNREACHABLE = {
  code: 'SignInUnreachable',
  message: 'The sign-in service does not answer, so your session can’t be renewed now.',
};

async function request<Data>(path: string, { signal, method, body }: RequestInit): Promise<Data> {
  const token = await accessToken().catch((failure: unknown) => {
    throw isSessionEnd(failure) ? failure : new RequestError(0, SIGN_IN_UNREACHABLE);
  });
  let answer: Response;
  try {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    answer = await fetch(path, { method, body, headers, signal });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new RequestError(0, {
      code: 'PortalUnreachable',
      message: 'The portal does not answer. Is it still running?',
    });
  }
  if (answer.ok) return (await answer.json()) as Data;
  const refusal = (await answer.json().catch(() => ({}))) as { error?: Partial<RequestError> };
  throw new RequestError(answer.status, refusal.error ?? {});
}

/**
 * The key of a read: the parts of its path, and its query as one object. So a resource's key is the beginning of the
 * keys of all that lies under it, and invalidating it takes them along.
 */
export function keyOf(path: string): (string | Record<string, string>)[] {
  const url = new URL(path, 'http://portal');
  const parts = url.pathname.split('/').filter(Boolean);
  const query = Object.fromEntries(url.searchParams);
  const key = (parts[0] === 'api' ? parts.slice(1) : parts).map((part) => decodeURIComponent(part).toLowerCase());
  return Object.keys(query).length === 0 ? key : [...key, query];
}

/** Options for `useQuery` of a path. */
export function readQuery<Data>(path: string) {
  return queryOptions({ queryKey: keyOf(path), queryFn: ({ signal }) => read<Data>(path, signal) });
}

const MOST_RETRIES = 2;
const AWAY_MS = 5000;

const SERVER_KEY_LENGTH = keyOf(apiPaths.server({ subscriptionId: 's', resourceGroup: 'g', serverName: 'n' })).length;

/** The resource, or what it lies in, is not there: deleted, or never made. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    ['ResourceNotFound', 'ParentResourceNotFound', 'ResourceGroupNotFound'].includes(error.code)
  );
}

/** Reads are fresh for a while, refusals are not asked again, and what nobody looks at any more is aborted. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      // What lies under a server and is gone may be so because the server is: that is said once, by whoever shows it.
      onError: (error, { queryKey }) => {
        if (!isGone(error) || queryKey[0] !== 'servers' || queryKey.length <= SERVER_KEY_LENGTH) return;
        void client.invalidateQueries({ queryKey: queryKey.slice(0, SERVER_KEY_LENGTH), exact: true });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < MOST_RETRIES && isPassing(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
        refetchInterval: ({ state }) => againAfter(state.error),
      },
      mutations: { retry: false },
    },
  });
  return client;
}

/** The portal's or Resource Manager's silence, in words; undefined for every answer. */
export function lostContact(error: unknown): string | undefined {
  if (!(error instanceof RequestError)) return undefined;
  return ['PortalUnreachable', 'ResourceManagerUnreachable', SIGN_IN_UNREACHABLE.code].includes(error.code)
    ? error.message
    : undefined;
}

/** When to look whether what did not answer is back; never after an answer. */
export function againAfter(error: Error | null): number | false {
  return error instanceof RequestError && [0, 502, 503, 504].includes(error.status) ? AWAY_MS : false;
}

/** Worth another try at once: the portal or ARM was away. A refusal stays a refusal; a token was waited for already. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.code === SIGN_IN_UNREACHABLE.code) return false;
  return error.status === 0 || error.status >= 500;
}
