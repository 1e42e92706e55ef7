import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ArmError } from '@/lib/arm/error';
import type { ServerKey } from '@/lib/arm/resource-id';
import { clientAddressOf } from '@/lib/rules/client-address';
import { listFirewallRules } from '@/lib/azure/firewall-rules';
import { readRoute } from '@/lib/azure/read-route';
import { getServer } from '@/lib/azure/servers';
import { readPortalConfig } from '@/lib/config';
import { examine } from '@/lib/connection-doctor/examine';

const Body = z.strictObject({
  user: z.string().max(128).default(''),
  password: z.string().max(256).default(''),
  database: z.string().max(64).default(''),
});

const MYSQL_PORT = 3306;

/**
 * Tries to connect to the server, from here: only ever to the endpoint that ARM names for it. A password comes in the
 * body, is used for one sign-in over verified TLS, and is kept nowhere.
 */
export const POST = readRoute<ServerKey & Record<string, string>>(async ({ arm, params, request }) => {
  const body = Body.safeParse(await request.json().catch(() => undefined));
  if (!body.success) throw new ArmError('InvalidRequestContent', 400, z.prettifyError(body.error));
  const [{ properties }, rules] = await Promise.all([
    getServer(arm, params),
    listFirewallRules(arm, params).catch(() => undefined),
  ]);
  const host = properties.fullyQualifiedDomainName;
  if (!host) {
    throw new ArmError('ServerHasNoEndpoint', 409, 'The server has no address yet. Wait until it is Ready.');
  }
  const { caFile } = readPortalConfig();
  const { user, password, database } = body.data;
  return examine({
    host,
    port: properties.databasePort ?? MYSQL_PORT,
    state: properties.state ?? 'Ready',
    administratorLogin: properties.administratorLogin ?? undefined,
    rules: rules?.map(({ name, properties: range }) => ({ name, ...range })),
    clientAddress: clientAddressOf(request.headers),
    ca: caFile === undefined ? undefined : await readFile(caFile, 'utf8'),
    credentials: password === '' ? undefined : { user, password, database },
  });
});
