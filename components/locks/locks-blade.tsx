'use client';

import { useQuery } from '@tanstack/react-query';
import { LockKeyhole, Plus, Trash2 } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { ChangePane } from '@/components/servers/change-pane';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { Lock, LockForPut } from '@/lib/arm/resources/lock';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { locksQuery } from '@/lib/queries/locks';
import { usePermission } from '@/lib/queries/permissions';
import { describeDeleteLock, LOCK_LEVEL_WORDS, lockScope } from '@/lib/rules/lock-changes';
import type { LockLevel } from '@/lib/rules/locks';
import { AddLockPane } from './add-lock-pane';

export interface LockActions {
  put: BeginAction<[ServerKey, LockForPut]>;
  remove: BeginAction<[ServerKey, name: string]>;
}

/** What keeps the server from being deleted or changed by mistake. */
export function LocksBlade({ actions }: { actions: LockActions }) {
  const key = useServerKey();
  const query = useQuery(locksQuery(key));
  const [{ pane, lock: name }, setView] = useQueryStates(
    { pane: parseAsString, lock: parseAsString },
    { history: 'push' },
  );
  const removal = useServerChange(key, actions.remove);
  const mayWrite = usePermission(serverId(key), 'Microsoft.Authorization/locks/write');
  const mayDelete = usePermission(serverId(key), 'Microsoft.Authorization/locks/delete');
  const locks = query.data ?? [];
  const target = locks.find((lock) => lockScope(lock).isServer && lock.name === name);
  const open = () => void setView({ pane: 'add' });
  const close = () => {
    removal.reset();
    void setView({ pane: null, lock: null });
  };
  const remove = async () => {
    if (target && (await removal.submit(`Removing the lock ${target.name} from ${key.serverName}`, key, target.name))) {
      close();
    }
  };

  return (
    <ServerBlade
      title="Locks"
      commands={[{ id: 'add', label: 'Add', icon: Plus, onSelect: open, disabledReason: mayWrite }]}
    >
      <Card title="Locks" aside="whoever’s role allows it can take them away again" flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={3} columns={4} />}
          isEmpty={(list) => list.length === 0}
          empty={
            <EmptyState
              icon={LockKeyhole}
              title="No lock"
              action={
                <Button variant="primary" icon={Plus} onClick={open} disabledReason={mayWrite}>
                  Add a lock
                </Button>
              }
            >
              A lock keeps everybody, owners too, from deleting the server or from changing it, until it is taken away.
              Locks of its resource group and subscription hold for it as well.
            </EmptyState>
          }
        >
          {(list) => (
            <SimpleTable<Lock>
              caption="Locks"
              rows={list}
              rowId={({ id }) => id}
              columns={[
                { id: 'name', header: 'Name', render: (lock) => <b className="font-[560]">{lock.name}</b> },
                {
                  id: 'level',
                  header: 'Keeps from',
                  render: ({ properties: { level } }) => (level === 'ReadOnly' ? 'any change' : 'deletion'),
                },
                { id: 'scope', header: 'Is on', render: (lock) => lockScope(lock).label },
                { id: 'notes', header: 'Notes', render: (lock) => lock.properties.notes || '–' },
                {
                  id: 'remove',
                  header: 'Remove',
                  headerHidden: true,
                  align: 'right',
                  render: (lock) => (
                    <IconButton
                      icon={Trash2}
                      size={24}
                      label={`Remove lock ${lock.name}`}
                      disabledReason={
                        mayDelete ??
                        (lockScope(lock).isServer ? undefined : `It is on ${lockScope(lock).label}: remove it there.`)
                      }
                      onClick={() => void setView({ pane: 'remove', lock: lock.name })}
                    />
                  ),
                },
              ]}
            />
          )}
        </QueryRegion>
      </Card>
      {pane === 'add' && (
        <AddLockPane
          server={key}
          run={actions.put}
          taken={locks.filter((lock) => lockScope(lock).isServer).map((lock) => lock.name)}
          disabledReason={mayWrite}
          onClose={close}
        />
      )}
      {target && (
        <ChangePane
          isOpen={pane === 'remove'}
          onClose={close}
          title={`Remove the lock ${target.name}`}
          subtitle={`${LOCK_LEVEL_WORDS[target.properties.level as LockLevel]?.label ?? target.properties.level} lock of ${key.serverName}`}
          change={describeDeleteLock(key, target)}
          applyLabel="Remove the lock"
          applyDisabledReason={mayDelete}
          pending={removal.pending}
          error={removal.error}
          onApply={() => void remove()}
        />
      )}
    </ServerBlade>
  );
}
