import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import { azServer } from './az-command.ts';
import type { ChangeDescription } from './change-description.ts';

/** The command takes the versions that Azure had when it was made, and no others. */
const IN_COMMAND: Readonly<Record<string, string>> = { '8.0.21': '8', '8.4': '8.4' };

function azUpgrade(key: ServerKey, to: string): string {
  const named = IN_COMMAND[to];
  if (named) return azServer(key, 'upgrade', [`--version ${named}`, '--yes']);
  const url = `${serverId(key)}?api-version=${MYSQL_API_VERSION}`;
  return `az rest --method patch \\\n  --url '${url}' \\\n  --body '${JSON.stringify({ properties: { version: to } })}'`;
}

/** @param options.standby a standby that takes over meanwhile. */
export function describeUpgrade(
  key: ServerKey,
  { from, to, standby }: { from: string; to: string; standby: boolean },
): ChangeDescription {
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'PATCH',
    body: { properties: { version: to } },
    azCommand: azUpgrade(key, to),
    changes: [{ label: 'MySQL version', from, to }],
    restarts: standby
      ? 'Every session ends once, when the standby takes over with the newer MySQL: a stall as in a planned failover.'
      : 'Every session ends. Clients wait until the data is copied for the way back and the newer MySQL has taken it over.',
  };
}

export function describeCheckUpgrade(key: ServerKey, to: string, rehearse: boolean): ChangeDescription {
  const body = { version: to, rehearse };
  const url = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/checkUpgrade?api-version=${FLEXDECK_LOCAL_VERSION}`;
  return {
    resourceId: `${serverId(key)}/providers/${FLEXDECK_LOCAL}`,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'POST',
    action: 'checkUpgrade',
    body,
    azCommand: `az rest --method post \\\n  --url '${url}' \\\n  --body '${JSON.stringify(body)}'`,
    changes: [],
  };
}
