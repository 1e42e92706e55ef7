'use client';

import { CircleCheckBig, DatabaseBackup, Save, Settings2, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useQuery } from '@tanstack/react-query';
import { ConfirmPane } from '@/components/servers/confirm-pane';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import { serverId } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { backupVerificationsQuery, serverBackupsQuery } from '@/lib/queries/backups';
import { usePermission } from '@/lib/queries/permissions';
import { describeCancelRestore, describeDeleteBackup, describeVerifyBackup } from '@/lib/rules/backup-changes';
import { restorableEvents } from '@/lib/rules/backup-history';
import { actionProblem } from '@/lib/rules/server-actions';
import type { BackupActions } from './backup-actions';
import { BackupsCard } from './backups-card';
import { EventsCard } from './events-card';
import { MomentCard } from './moment-card';
import { RestoreCard } from './restore-card';
import { VerificationCard } from './verification-card';

// Panes are fetched when they are opened.
const BackUpPane = dynamic(() => import('./back-up-pane').then((module) => module.BackUpPane));
const RecoverPane = dynamic(() => import('./recover-pane').then((module) => module.RecoverPane));
const RestorePane = dynamic(() => import('./restore-pane').then((module) => module.RestorePane));
const SettingsPane = dynamic(() => import('./settings-pane').then((module) => module.SettingsPane));

const PANES = ['backup', 'settings', 'restore', 'recover', 'verify', 'delete', 'cancel'] as const;
const LOADING = 'The server is being loaded.';
/** The newest restorable moment moves on all the time. */
const OFTEN_MS = 5000;

/** What a server can be restored to, drawn on one axis; backups now, their settings, and restores. */
export function BackupBlade({ actions }: { actions: BackupActions }) {
  const key = useServerKey();
  const id = serverId(key);
  const server = useServer(key).data;
  const query = useQuery({ ...serverBackupsQuery(key), refetchInterval: OFTEN_MS });
  const backups = query.data;
  const verifications = useQuery({
    ...backupVerificationsQuery(key),
    enabled: backups?.detailed === true,
    refetchInterval: OFTEN_MS,
  });
  // `at`: the chosen moment; `backup`: the one that is about to be deleted.
  const [{ pane, at, backup }, setState] = useQueryStates(
    { pane: parseAsStringLiteral(PANES), at: parseAsString, backup: parseAsString },
    { history: 'push' },
  );
  const may = {
    write: usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/write'),
    backUp: usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/backupsV2/write'),
    remove: usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/backupsV2/delete'),
    verify: usePermission(id, 'Flexdeck.Local/verifyBackup/action'),
    cancel: usePermission(id, 'Flexdeck.Local/cancelRestore/action'),
    recover: usePermission(id, 'Flexdeck.Local/recoverTables/action'),
  };
  const state = server?.properties.state ?? '';
  const loading = server ? undefined : LOADING;
  /** Nothing has been backed up, so there is nothing to list. */
  const isBare = backups?.newestRestorePoint === null && backups.fullBackups.length === 0;
  const nothing =
    backups && backups.newestRestorePoint === null
      ? 'There is no backup yet. The first one is being taken.'
      : undefined;
  const problems = {
    backUp: may.backUp ?? loading ?? actionProblem('update', state),
    settings: may.write ?? loading ?? actionProblem('update', state),
    restore: may.write ?? loading ?? nothing,
    recover: may.recover ?? loading ?? actionProblem('update', state),
    verify: may.verify ?? loading ?? nothing,
  };
  const open = (name: (typeof PANES)[number]) => () => void setState({ pane: name });
  const close = () => void setState({ pane: null, backup: null });
  const moment = at ?? undefined;
  const choose = (next: string | undefined) => void setState({ at: next ?? null }, { history: 'replace' });
  return (
    <ServerBlade
      title="Backup and restore"
      width="wide"
      commands={[
        {
          id: 'backup',
          label: 'Back up now',
          icon: Save,
          onSelect: open('backup'),
          disabledReason: problems.backUp,
        },
        {
          id: 'settings',
          label: 'Settings',
          icon: Settings2,
          onSelect: open('settings'),
          disabledReason: problems.settings,
        },
        ...(backups?.detailed
          ? [
              {
                id: 'verify',
                label: 'Test restore',
                icon: CircleCheckBig,
                onSelect: open('verify'),
                disabledReason: problems.verify,
              },
              { id: 'deleted', label: 'Deleted servers', icon: Trash2, href: paths.deletedServers() },
            ]
          : []),
      ]}
    >
      <QueryRegion query={query} skeleton={<BladeSkeleton />}>
        {(data) => (
          <>
            {(data.archive.state === 'Broken' || data.archive.state === 'Behind') && (
              <Notice
                tone={data.archive.state === 'Broken' ? 'bad' : 'warn'}
                title={
                  data.archive.state === 'Broken'
                    ? 'The log is not being archived.'
                    : 'The archive of the log is behind the server.'
                }
              >
                {data.archive.reason ?? 'What was written since its newest moment can’t be restored yet.'}
              </Notice>
            )}
            {data.store.geoFailure && (
              <Notice tone="warn" title="Backups are not copied to the paired region.">
                {data.store.geoFailure.problem} They are whole here; it is tried again twice a minute, without success
                since <Time value={data.store.geoFailure.since} />.
              </Notice>
            )}
            {data.detailed && <RestoreCard server={key} onCancel={open('cancel')} cancelProblem={may.cancel} />}
            {data.newestRestorePoint === null ? (
              <Card>
                <EmptyState icon={DatabaseBackup} title="Nothing can be restored yet">
                  {(state === 'Ready' && data.archive.reason) ||
                    'The first full backup is taken as soon as the server runs. From then on every moment can be restored.'}
                </EmptyState>
              </Card>
            ) : (
              <MomentCard
                server={key}
                backups={{ ...data, events: restorableEvents(data) }}
                moment={moment}
                onChoose={choose}
                onRestore={open('restore')}
                restoreProblem={problems.restore}
                onRecover={data.detailed ? open('recover') : undefined}
                recoverProblem={problems.recover}
              />
            )}
            {!isBare && (
              <BackupsCard
                backups={data}
                storageGiB={server?.properties.storage?.storageSizeGB ?? undefined}
                verifications={verifications.data ?? []}
                onRestore={({ restorePoint }) => void setState({ at: restorePoint, pane: 'restore' })}
                onDelete={({ name }) => void setState({ pane: 'delete', backup: name })}
                deleteProblem={may.remove ?? loading}
              />
            )}
            {data.detailed && !isBare && <EventsCard events={restorableEvents(data)} onChoose={choose} />}
            {data.detailed && !isBare && verifications.data && (
              <VerificationCard verifications={verifications.data} settings={data.settings} />
            )}
          </>
        )}
      </QueryRegion>
      {pane === 'backup' && backups && (
        <BackUpPane
          server={key}
          taken={backups.fullBackups.map(({ name }) => name)}
          run={actions.backUp}
          problem={problems.backUp}
          onClose={close}
        />
      )}
      {pane === 'settings' && server && (
        <SettingsPane
          serverKey={key}
          server={server}
          run={actions.changeSettings}
          problem={problems.settings}
          onClose={close}
        />
      )}
      {pane === 'restore' && server && (
        <RestorePane
          source={{
            id,
            ...key,
            name: key.serverName,
            location: server.location,
            sku: server.sku ?? { name: '', tier: 'Burstable' },
            storageSizeGB: server.properties.storage?.storageSizeGB ?? 20,
            backupRetentionDays: server.properties.backup?.backupRetentionDays ?? 7,
            geoRedundant: server.properties.backup?.geoRedundantBackup === 'Enabled',
            estimates: backups?.detailed === true,
          }}
          moment={moment}
          run={actions.restore}
          problem={problems.restore}
          onClose={close}
        />
      )}
      {pane === 'recover' && (
        <RecoverPane
          server={key}
          run={actions.recoverTables}
          problem={problems.recover}
          onRestore={open('restore')}
          onClose={close}
        />
      )}
      <ConfirmPane
        server={key}
        title="Test restore"
        doing={`Test restore of ${key.serverName}`}
        applyLabel="Run it now"
        words="The newest backup is restored to a throw-away server, its tables are checked and counted, and the server is removed. The server itself is not touched."
        change={describeVerifyBackup(key)}
        run={actions.verify}
        problem={problems.verify}
        isOpen={pane === 'verify'}
        onClose={close}
      />
      <ConfirmPane
        server={key}
        title="Cancel the restore"
        doing={`Canceling the restore of ${key.serverName}`}
        applyLabel="Cancel the restore"
        closeLabel="Go on restoring"
        words={`What has been restored so far is removed, and ${key.serverName} with it: that can’t be undone. The server that it comes from is not touched, so another restore can be begun at any time.`}
        change={describeCancelRestore(key)}
        run={actions.cancelRestore}
        problem={may.cancel}
        isOpen={pane === 'cancel'}
        onClose={close}
      />
      {backup && (
        <ConfirmPane
          server={key}
          title="Delete a full backup"
          doing={`Deleting the backup ${backup} of ${key.serverName}`}
          applyLabel="Delete"
          words="It can’t be brought back. The log stays, so every moment that another full backup and the log lead to can still be restored."
          change={describeDeleteBackup(key, backup)}
          run={(token, server) => actions.deleteBackup(token, server, backup)}
          problem={may.remove ?? loading}
          isOpen={pane === 'delete'}
          onClose={close}
        />
      )}
    </ServerBlade>
  );
}

function BladeSkeleton() {
  return (
    <>
      <Skeleton height={330} />
      <Skeleton height={160} />
    </>
  );
}
