import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { isTerminal, type AsyncOperation } from '../../lib/arm/async-operation.ts';
import { until } from '../../lib/control-plane/testing/daemon.ts';
import type { World } from './world.ts';

const API_VERSION = '2023-12-30';
const GROUPS_API_VERSION = '2022-09-01';
const END_MS = 60_000;

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  // Of whatever shape the resource has; a test looks at the few fields it is about.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** Resource Manager as automation uses it: the service principal, by client credentials; or as whoever's token is given. */
export class Arm {
  readonly #world: World;
  readonly #ca: Buffer;
  #token: Promise<string> | undefined;

  readonly subscriptionId: string;

  constructor(world: World, token?: string) {
    this.#token = token === undefined ? undefined : Promise.resolve(token);
    this.subscriptionId = world.subscriptionId;
    this.#world = world;
    this.#ca = readFileSync(world.principal.caFile);
  }

  /** @param path without api-version takes one that fits. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const url = new URL(path, this.#world.principal.resourceManagerEndpoint);
    if (!url.searchParams.has('api-version')) {
      const ofGroup = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(url.pathname);
      url.searchParams.set('api-version', ofGroup ? GROUPS_API_VERSION : API_VERSION);
    }
    this.#token ??= this.#signIn();
    const authorization = `Bearer ${await this.#token}`;
    return this.#exchange(url, method, { authorization, 'content-type': 'application/json' }, JSON.stringify(body));
  }

  /** Follows an operation to its end. */
  async end(answer: Answer): Promise<AsyncOperation> {
    const address = answer.headers['azure-asyncoperation'];
    if (answer.status > 202 || typeof address !== 'string') {
      throw new Error(`Not accepted: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    const { pathname, search } = new URL(address);
    return until(END_MS, async () => {
      const { body } = await this.send('GET', pathname + search);
      return isTerminal(body.status) ? (body as AsyncOperation) : undefined;
    });
  }

  /** Begins an operation and throws unless it succeeds. */
  async run(method: string, path: string, body?: unknown): Promise<void> {
    const operation = await this.end(await this.send(method, path, body));
    if (operation.status !== 'Succeeded') throw new Error(`${method} ${path}: ${JSON.stringify(operation)}`);
  }

  async #signIn(): Promise<string> {
    const { authorityHost, tenantId, clientId, clientSecret } = this.#world.principal;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://management.azure.com/.default',
    });
    const url = new URL(`${authorityHost}/${tenantId}/oauth2/v2.0/token`);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, body } = await this.#exchange(url, 'POST', headers, form.toString());
    if (status !== 200) throw new Error(`The service principal was refused: ${JSON.stringify(body)}`);
    return body.access_token;
  }

  async #exchange(url: URL, method: string, headers: Record<string, string>, text?: string): Promise<Answer> {
    const sent = request(url, { method, ca: this.#ca, headers });
    sent.end(text);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const received = Buffer.concat(await answer.toArray()).toString();
    return {
      status: answer.statusCode!,
      headers: answer.headers,
      body: received === '' ? undefined : JSON.parse(received),
    };
  }
}
