import { LOCKS_API_VERSION } from '../arm/api-versions.ts';
import type { Lock, LockForPut } from '../arm/resources/lock.ts';
import { parseResourceId, serverId, type ServerKey } from '../arm/resource-id.ts';
import { shellWord } from './az-command.ts';
import type { ChangeDescription } from './change-description.ts';
import type { LockLevel } from './locks.ts';

/** What each level means, for people. */
export const LOCK_LEVEL_WORDS: Record<LockLevel, { label: string; description: string }> = {
  CanNotDelete: { label: 'Delete', description: 'Everything may be changed, but the server can’t be deleted.' },
  ReadOnly: {
    label: 'Read-only',
    description: 'Nothing may be changed or deleted, started, stopped or restarted. Connections and SQL go on.',
  },
};

const LOCKS = '/providers/Microsoft.Authorization/locks';

/** What a lock is on: the server, or what contains it. */
export function lockScope({ id }: Pick<Lock, 'id'>): { label: string; isServer: boolean } {
  const scope = parseResourceId(id.slice(0, id.toLowerCase().lastIndexOf(LOCKS.toLowerCase())));
  const [server, child] = scope?.segments ?? [];
  if (child) return { label: `${child.type} ${child.name}`, isServer: false };
  if (server) return { label: 'this server', isServer: true };
  if (scope?.resourceGroup) return { label: `resource group ${scope.resourceGroup}`, isServer: false };
  return { label: 'the subscription', isServer: false };
}

function az(key: ServerKey, verb: 'create' | 'delete', name: string, options: string[] = []): string {
  return [`az lock ${verb}`, `--name ${shellWord(name)}`, `--resource ${serverId(key)}`, ...options].join(' \\\n  ');
}

export function describePutLock(key: ServerKey, lock: LockForPut): ChangeDescription {
  const { name, level, notes } = lock;
  return {
    resourceId: `${serverId(key)}${LOCKS}/${name}`,
    apiVersion: LOCKS_API_VERSION,
    method: 'PUT',
    body: { properties: { level, ...(notes !== '' && { notes }) } },
    azCommand: az(key, 'create', name, [
      `--lock-type ${level}`,
      ...(notes === '' ? [] : [`--notes ${shellWord(notes)}`]),
    ]),
    changes: [{ label: 'Lock', from: null, to: `${name} (${LOCK_LEVEL_WORDS[level].label})` }],
  };
}

export function describeDeleteLock(key: ServerKey, lock: Lock): ChangeDescription {
  return {
    resourceId: `${serverId(key)}${LOCKS}/${lock.name}`,
    apiVersion: LOCKS_API_VERSION,
    method: 'DELETE',
    azCommand: az(key, 'delete', lock.name),
    changes: [{ label: 'Lock', from: `${lock.name} (${lock.properties.level})`, to: 'deleted' }],
  };
}
