import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import type { Session } from '../arm/local/session.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { ChangeDescription } from './change-description.ts';

/** Ending a session, or only what it runs. */
export function describeKillSession(
  key: ServerKey,
  { connectionId, user, transactionSeconds }: Pick<Session, 'connectionId' | 'user' | 'transactionSeconds'>,
  kind: 'connection' | 'query',
): ChangeDescription {
  const resourceId = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/sessions/${connectionId}`;
  const rollsBack = transactionSeconds === undefined ? '' : ' Its open transaction is rolled back.';
  return {
    resourceId,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'POST',
    action: 'kill',
    body: { kind },
    azCommand: `az rest --method post \\\n  --url '${resourceId}/kill?api-version=${FLEXDECK_LOCAL_VERSION}' \\\n  --body '${JSON.stringify({ kind })}'`,
    changes: [
      kind === 'query'
        ? { label: `Statement of session ${connectionId}`, from: 'running', to: 'ended' }
        : { label: `Session ${connectionId} of ${user}`, from: 'connected', to: 'ended' },
    ],
    restarts:
      kind === 'query'
        ? 'The client is told that its statement was interrupted; its session stays.'
        : `The client loses its connection.${rollsBack}`,
  };
}
