import { ShieldCheck, Trash2 } from 'lucide-react';
import { money } from '@/components/servers/size/money';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { Pill } from '@/components/ui/pill';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { EmptyState } from '@/components/ui/states';
import { TextButton } from '@/components/ui/text-button';
import { Time } from '@/components/ui/time';
import { Tooltip } from '@/components/ui/tooltip';
import type { BackupVerification } from '@/lib/arm/local/backup';
import type { FullBackup, ServerBackups } from '@/lib/arm/mysql/server-backups';
import { formatBytes } from '@/lib/rules/bytes';
import { backupOverageGiB, overagePerMonth } from '@/lib/rules/prices';
import { backupWords, verificationWords } from './backup-words';

interface BackupsCardProps {
  backups: ServerBackups;
  /** So much of backups is free. */
  storageGiB: number | undefined;
  /** Newest first. */
  verifications: readonly { properties: BackupVerification }[];
  onRestore: (backup: FullBackup) => void;
  onDelete: (backup: FullBackup) => void;
  /** Why none can be deleted. */
  deleteProblem: string | undefined;
}

/** Full backups, newest first. */
export function BackupsCard({
  backups,
  storageGiB,
  verifications,
  onRestore,
  onDelete,
  deleteProblem,
}: BackupsCardProps) {
  const { detailed, store } = backups;
  const columns: SimpleColumn<FullBackup>[] = [
    {
      id: 'taken',
      header: 'Taken',
      render: (row) => (
        <>
          <Time value={row.completedAt ?? row.startedAt} seconds />
          {/* On phones there is no room for columns of their own. */}
          <span className="block text-xs [overflow-wrap:anywhere] text-text-3 sm:hidden">
            {[backupWords(row), detailed && sizeWords(row), whereWords(row)].filter(Boolean).join(' · ')}
            {detailed && (
              <span className="mt-1 block">
                <Checked backup={row} verifications={verifications} />
              </span>
            )}
          </span>
        </>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      hiddenOnPhones: true,
      render: (row) => <span className="block min-w-28 [overflow-wrap:anywhere]">{backupWords(row)}</span>,
    },
    ...(detailed
      ? [
          {
            id: 'size',
            header: 'Size',
            align: 'right' as const,
            hiddenOnPhones: true,
            render: (row: FullBackup) => <span className="whitespace-nowrap">{sizeWords(row) ?? '–'}</span>,
          },
        ]
      : []),
    { id: 'where', header: 'Where', hiddenOnPhones: true, render: whereWords },
    ...(detailed
      ? [
          {
            id: 'verified',
            header: 'Checked',
            hiddenOnPhones: true,
            render: (row: FullBackup) => <Checked backup={row} verifications={verifications} />,
          },
        ]
      : []),
    {
      id: 'actions',
      header: 'Actions',
      headerHidden: true,
      align: 'right',
      render: (row) => (
        <span className="inline-flex items-center gap-2">
          {row.state === 'Succeeded' && row.restorePoint !== null && (
            <TextButton onClick={() => onRestore(row)} aria-label={`Restore ${row.name}`}>
              Restore
            </TextButton>
          )}
          <IconButton
            icon={Trash2}
            label={`Delete ${row.name}`}
            size={24}
            disabledReason={
              row.source === 'Automatic'
                ? 'Automatic backups go by themselves when the retention ends.'
                : row.state === 'Creating'
                  ? 'It is being taken.'
                  : deleteProblem
            }
            onClick={() => onDelete(row)}
          />
        </span>
      ),
    },
  ];
  return (
    <Card
      title="Full backups"
      aside={
        detailed &&
        `${formatBytes(store.bytes)} with the log${store.geoBytes > 0 ? `, ${formatBytes(store.geoBytes)} in the paired region` : ''}${storageGiB === undefined ? '' : billedWords(store, storageGiB)}`
      }
      flush
    >
      {backups.fullBackups.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No full backup yet">
          The first one is taken when the server has been made, then one at each interval. Back up now takes one at
          once.
        </EmptyState>
      ) : (
        <SimpleTable
          caption="Full backups"
          columns={columns}
          rows={backups.fullBackups}
          rowId={({ name, startedAt }) => `${name} ${startedAt}`}
        />
      )}
    </Card>
  );
}

function sizeWords({ sizeBytes, state }: FullBackup): string | undefined {
  return state === 'Creating' ? undefined : formatBytes(sizeBytes);
}

function whereWords({ geoCopied }: FullBackup): string {
  return geoCopied ? 'Here and paired region' : 'Here';
}

/** What of it is billed: what goes beyond the size of the storage. */
function billedWords({ bytes, geoBytes }: ServerBackups['store'], storageGiB: number): string {
  const usedGiB = (bytes + geoBytes) / 1024 ** 3;
  const over = backupOverageGiB(usedGiB, storageGiB);
  if (over === 0) return `; free up to ${storageGiB.toLocaleString('en-US')} GiB`;
  return `; ${over.toLocaleString('en-US')} GiB beyond the storage, ${money.format(overagePerMonth(usedGiB, storageGiB))} a month`;
}

function Checked({ backup, verifications }: { backup: FullBackup; verifications: BackupsCardProps['verifications'] }) {
  if (backup.state === 'Creating') {
    return (
      <Pill tone="accent" busy>
        Being taken
      </Pill>
    );
  }
  if (backup.state !== 'Succeeded') return <Wrong word={backup.state} problem={backup.problem} />;
  const last = verifications.find(({ properties }) => properties.fullBackup === backup.name)?.properties;
  if (!last) return <Pill tone="off">Not yet</Pill>;
  if (last.status === 'InProgress') {
    return (
      <Pill tone="accent" busy>
        Test restore
      </Pill>
    );
  }
  if (last.status === 'Failed') return <Wrong word="Test restore failed" problem={last.problem} />;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Pill tone="ok">Restored</Pill>
      <span className="text-xs text-text-3">{verificationWords(last)}</span>
    </span>
  );
}

function Wrong({ word, problem }: { word: string; problem: string | null }) {
  return (
    <Tooltip content={problem}>
      <span tabIndex={problem ? 0 : undefined} className="rounded-sm">
        <Pill tone="bad">{word}</Pill>
      </span>
    </Tooltip>
  );
}
