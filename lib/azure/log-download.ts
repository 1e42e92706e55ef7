import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { ArmError } from '../arm/error.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { requestCredential } from '../auth/credential.ts';
import { readPortalConfig } from '../config.ts';
import { ArmClient } from './client.ts';
import { listLogFiles } from './server-logs.ts';

/**
 * A log file for a browser, which may not know who signed the control plane's certificate. The link is ARM's own, of the
 * list that the person may read; it goes no further than here.
 *
 * @throws {ArmError}
 */
export async function openLogFile(request: Request, params: ServerKey & { name: string }): Promise<Response> {
  const config = readPortalConfig();
  const arm = new ArmClient(config, requestCredential(request.headers), { signal: request.signal });
  const name = decodeURIComponent(params.name);
  const key = {
    subscriptionId: decodeURIComponent(params.subscriptionId),
    resourceGroup: decodeURIComponent(params.resourceGroup),
    serverName: decodeURIComponent(params.serverName),
  };
  const file = (await listLogFiles(arm, key)).find((each) => each.name === name);
  if (!file) throw new ArmError('ResourceNotFound', 404, `The log file “${name}” is not there any more.`);
  const sent = httpsRequest(file.properties.url, {
    signal: request.signal,
    ...(config.caFile && { ca: readFileSync(config.caFile) }),
  });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) {
    answer.resume();
    throw new ArmError('LogFileNotRead', 502, `The log file “${name}” could not be read (${answer.statusCode}).`);
  }
  return new Response(Readable.toWeb(answer) as ReadableStream, {
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
