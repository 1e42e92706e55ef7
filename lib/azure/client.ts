import { MySQLManagementFlexibleServerClient } from '@azure/arm-mysql-flexible';
import {
  createHttpHeaders,
  createPipelineRequest,
  isRestError,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ArmError } from '../arm/error.ts';
import { pageOf } from '../arm/async-operation.ts';
import type { BearerCredential } from '../auth/credential.ts';
import type { PortalConfig } from '../config.ts';
import { mysqlApiVersionPolicy } from './api-version-policy.ts';
import { pinnedTo } from './pinned-url.ts';

export type WriteMethod = 'PUT' | 'PATCH' | 'POST' | 'DELETE';

/** A write that ARM took: finished, or going on as an operation. */
export interface Begun {
  /** What to poll; null when it is done already. */
  operationUrl: string | null;
  resourceId: string;
  retryAfterSeconds: number;
  /** ARM's answer, if it had a body. Never trusted without parsing. */
  result?: unknown;
}

export interface ArmAnswer {
  status: number;
  body: unknown;
  requestId?: string;
  retryAfterSeconds?: number;
}

/** More pages than any list of people has: a service that never ends its list must not hold a request for ever. */
const MOST_PAGES = 200;
const DEFAULT_RETRY_AFTER_SECONDS = 2;
const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|\?|$)/i;

/**
 * ARM for one request of one person. Paths begin with `/subscriptions…`; answers are parsed with schemas of `lib/arm`;
 * what is no success is thrown as {@link ArmError} with ARM's code, words and request id.
 */
export class ArmClient {
  readonly #config: Pick<PortalConfig, 'resourceManagerEndpoint' | 'caFile'>;
  readonly #credential: BearerCredential;
  readonly #signal: AbortSignal | undefined;
  readonly #httpClient: HttpClient | undefined;
  #reader: MySQLManagementFlexibleServerClient | undefined;
  #writer: MySQLManagementFlexibleServerClient | undefined;

  /** @param options `signal` ends what runs; `httpClient` is the network, unless a test brings its own. */
  constructor(
    config: Pick<PortalConfig, 'resourceManagerEndpoint' | 'caFile'>,
    credential: BearerCredential,
    options: { signal?: AbortSignal; httpClient?: HttpClient } = {},
  ) {
    this.#config = config;
    this.#credential = credential;
    this.#signal = options.signal;
    this.#httpClient = options.httpClient;
  }

  /** One resource. @throws {ArmError} */
  async get<Schema extends z.ZodType>(path: string, apiVersion: string, schema: Schema): Promise<z.infer<Schema>> {
    const { body } = await this.send('GET', this.url(path, apiVersion));
    return parseAnswer(schema, body, path);
  }

  /** All pages of a list. @throws {ArmError} also when a page's link leads to another host. */
  async list<Schema extends z.ZodType>(path: string, apiVersion: string, item: Schema): Promise<z.infer<Schema>[]> {
    const page = pageOf(item);
    const items: z.infer<Schema>[] = [];
    let next: string | null | undefined = this.url(path, apiVersion);
    for (let pages = 0; next; pages++) {
      if (pages === MOST_PAGES) throw new ArmError('TooManyPages', 502, `The list of ${path} does not end.`);
      const { body } = await this.send('GET', pinnedTo(this.#config.resourceManagerEndpoint, next));
      const { value, nextLink } = parseAnswer(page, body, path) as {
        value: z.infer<Schema>[];
        nextLink?: string | null;
      };
      items.push(...value);
      next = nextLink;
    }
    return items;
  }

  /** A POST that answers at once (checks). @throws {ArmError} */
  async post<Schema extends z.ZodType>(
    path: string,
    apiVersion: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const answer = await this.send('POST', this.url(path, apiVersion), body);
    return parseAnswer(schema, answer.body, path);
  }

  /** Begins a write and answers as soon as ARM has taken it; the browser polls what goes on. @throws {ArmError} */
  async begin(method: WriteMethod, path: string, apiVersion: string, body?: unknown): Promise<Begun> {
    const { response, ...answer } = await this.#exchange(method, this.url(path, apiVersion), body);
    const link =
      response.headers.get('azure-asyncoperation') ??
      (answer.status === 202 ? response.headers.get('location') : undefined);
    return {
      operationUrl: link ? pinnedTo(this.#config.resourceManagerEndpoint, link) : null,
      resourceId: method === 'POST' ? path.slice(0, path.lastIndexOf('/')) : path,
      retryAfterSeconds: answer.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS,
      result: answer.body,
    };
  }

  /** One request to a URL that is known to be ARM's. @throws {ArmError} */
  async send(method: 'GET' | WriteMethod, url: string, body?: unknown): Promise<ArmAnswer> {
    const { response: _response, ...answer } = await this.#exchange(method, url, body);
    return answer;
  }

  /** The URL of a path; `path` may have a query. */
  url(path: string, apiVersion: string): string {
    // A name `..` would climb to another resource than the one that was asked for.
    if (DOT_SEGMENT.test(path))
      throw new ArmError('InvalidResourceId', 400, `"${path}" is not the path of a resource.`);
    const url = new URL(path, this.#config.resourceManagerEndpoint);
    url.searchParams.set('api-version', apiVersion);
    return pinnedTo(this.#config.resourceManagerEndpoint, url.href);
  }

  async #exchange(
    method: 'GET' | WriteMethod,
    url: string,
    body?: unknown,
  ): Promise<ArmAnswer & { response: PipelineResponse }> {
    const request = createPipelineRequest({
      url,
      method,
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      }),
      body: body === undefined ? undefined : JSON.stringify(body),
      abortSignal: this.#signal,
    });
    let response: PipelineResponse;
    try {
      response = await (method === 'GET' ? this.#reading() : this.#writing()).sendRequest(request);
    } catch (failure) {
      throw toArmError(failure, this.#config.resourceManagerEndpoint);
    }
    const requestId = response.headers.get('x-ms-request-id');
    const answer = readJson(response.bodyAsText);
    if (response.status < 200 || response.status >= 300)
      throw ArmError.fromResponse(response.status, answer, requestId);
    return { status: response.status, body: answer, requestId, retryAfterSeconds: retryAfterOf(response), response };
  }

  #reading(): MySQLManagementFlexibleServerClient {
    return (this.#reader ??= this.#connect(2));
  }

  /** Nothing that changes something is sent twice unasked. */
  #writing(): MySQLManagementFlexibleServerClient {
    return (this.#writer ??= this.#connect(0));
  }

  #connect(maxRetries: number): MySQLManagementFlexibleServerClient {
    const { resourceManagerEndpoint, caFile } = this.#config;
    const client = new MySQLManagementFlexibleServerClient(this.#credential, {
      endpoint: resourceManagerEndpoint,
      retryOptions: { maxRetries, retryDelayInMs: 200, maxRetryDelayInMs: 2000 },
      // The redirects of a foreign answer are not followed with a token.
      redirectOptions: { maxRetries: 0 },
      ...(this.#httpClient && { httpClient: this.#httpClient }),
      ...(caFile && { tlsOptions: tlsOptionsOf(caFile) }),
    });
    // Answers are read raw and parsed with lib/arm: its own reading drops fields, and fails on a proxy's page.
    client.pipeline.removePolicy({ name: 'deserializationPolicy' });
    client.pipeline.addPolicy(mysqlApiVersionPolicy);
    return client;
  }
}

/**
 * The same object for the same authority: connections are kept for whoever comes with it, and each read would shake hands
 * anew otherwise. A home that was made anew has another authority.
 */
function tlsOptionsOf(caFile: string): { ca: string } {
  const ca = readAuthority(caFile);
  const known = trusted.get(caFile);
  if (known?.ca === ca) return known;
  const made = { ca };
  trusted.set(caFile, made);
  return made;
}

const trusted = new Map<string, { ca: string }>();

function readAuthority(caFile: string): string {
  try {
    return readFileSync(caFile, 'utf8');
  } catch (failure) {
    throw new ArmError(
      'ResourceManagerUnreachable',
      503,
      `The control plane is not there: it has not written ${caFile} yet.`,
      {
        cause: failure,
      },
    );
  }
}

function readJson(text: string | null | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, say; ArmError.fromResponse has words for it.
    return undefined;
  }
}

function parseAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown, path: string): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ArmError(
    'UnexpectedResponse',
    502,
    `The service answered ${path} in an unknown shape:\n${z.prettifyError(parsed.error)}`,
  );
}

function retryAfterOf(response: PipelineResponse): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function toArmError(failure: unknown, endpoint: string): ArmError {
  if (failure instanceof ArmError) return failure;
  // What never was answered: its code is the system's own, ECONNREFUSED and such.
  if (isRestError(failure) && failure.response === undefined && failure.statusCode === undefined) {
    return new ArmError(
      'ResourceManagerUnreachable',
      503,
      `The Resource Manager at ${endpoint} does not answer. Is it running?`,
      {
        cause: failure,
      },
    );
  }
  throw failure;
}
