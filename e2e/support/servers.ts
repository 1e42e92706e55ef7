import { randomBytes } from 'node:crypto';
import { resourceGroupId, serverId, type ServerKey } from '../../lib/arm/resource-id.ts';
import { until } from '../../lib/control-plane/testing/daemon.ts';
import type { Arm } from './arm.ts';
import type { Login } from './mysql.ts';

/** A server that a test owns. */
export interface OwnServer extends ServerKey {
  id: string;
  login: Login;
}

export const PASSWORD = 'Correct-horse-9';
const ADMINISTRATOR = 'shopadmin';
const LOCATION = 'westeurope';
const END_MS = 60_000;

/** A name that nobody else has. */
export function ownName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

export async function makeGroup(arm: Arm, name: string): Promise<void> {
  const { status, body } = await arm.send('PUT', resourceGroupId(arm.subscriptionId, name), { location: LOCATION });
  if (status > 201) throw new Error(`The group ${name} could not be made: ${JSON.stringify(body)}`);
}

/** Deletes a group with everything in it; nothing to do when there is none. */
export async function deleteGroup(arm: Arm, name: string): Promise<void> {
  const { status, headers } = await arm.send('DELETE', resourceGroupId(arm.subscriptionId, name));
  if (status === 404) return;
  const { pathname, search } = new URL(headers.location!);
  await until(END_MS, async () => ((await arm.send('GET', pathname + search)).status < 202 ? true : undefined));
}

/** Makes a server, Burstable unless said otherwise, and waits until it is Ready. Nobody can connect to it yet. */
export async function makeServer(
  arm: Arm,
  resourceGroup: string,
  serverName = ownName('srv'),
  tags: Record<string, string> = {},
  sku = { name: 'Standard_B1ms', tier: 'Burstable' },
): Promise<OwnServer> {
  const key = { subscriptionId: arm.subscriptionId, resourceGroup, serverName };
  const id = serverId(key);
  await arm.run('PUT', id, {
    location: LOCATION,
    tags,
    sku,
    properties: { administratorLogin: ADMINISTRATOR, administratorLoginPassword: PASSWORD },
  });
  return { ...key, id, login: await loginOf(arm, id, ADMINISTRATOR, PASSWORD) };
}

/** A firewall rule "here" for the clients of these tests. */
export async function allowThisMachine(arm: Arm, id: string): Promise<void> {
  await arm.run('PUT', `${id}/firewallRules/here`, {
    properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' },
  });
}

/** Where a server listens, and these credentials. */
export async function loginOf(arm: Arm, id: string, user: string, password: string): Promise<Login> {
  const { body } = await arm.send('GET', `${id}?api-version=2024-12-30`);
  const { fullyQualifiedDomainName: host, databasePort: port = 3306 } = body.properties;
  return { host, port, certificateName: `${body.name}.mysql.localhost`, user, password };
}
