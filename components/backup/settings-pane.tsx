import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange } from '@/components/servers/use-server-change';
import { Switch } from '@/components/ui/checkbox';
import { Select } from '@/components/ui/select';
import { SliderField } from '@/components/ui/slider-field';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeBackupSettings, type BackupSettingsChoice } from '@/lib/rules/backup-changes';
import { findRegion } from '@/lib/rules/regions';
import { BACKUP_RETENTION_DAYS } from '@/lib/rules/storage';
import type { BackupActions } from './backup-actions';

const INTERVALS = [6, 12, 24];

interface SettingsPaneProps {
  serverKey: ServerKey;
  server: Server;
  run: BackupActions['changeSettings'];
  problem: string | undefined;
  onClose: () => void;
}

/** How long backups are kept, how often a full one is taken, and whether there is a second copy elsewhere. */
export function SettingsPane({ serverKey, server, run, problem, onClose }: SettingsPaneProps) {
  const [from] = useState(() => settingsOf(server));
  const [to, setTo] = useState(from);
  const change = useServerChange(serverKey, run);
  const set = (values: Partial<BackupSettingsChoice>) => setTo({ ...to, ...values });
  const description = describeBackupSettings(serverKey, from, to);
  const close = () => {
    change.reset();
    onClose();
  };
  const apply = async () => {
    const changed = Object.fromEntries(
      Object.entries(to).filter(([name, value]) => value !== from[name as keyof BackupSettingsChoice]),
    );
    if (await change.submit(`Changing the backups of ${serverKey.serverName}`, serverKey, changed)) close();
  };
  const region = findRegion(server.location);
  const pair = region && findRegion(region.paired)?.displayName;
  return (
    <ChangePane
      isOpen
      onClose={close}
      title="Backup settings"
      subtitle={serverKey.serverName}
      change={description}
      applyLabel="Apply"
      applyDisabledReason={problem ?? (description ? undefined : 'Nothing is changed.')}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <SliderField
        label="Retention"
        layout="stack"
        unit="days"
        min={BACKUP_RETENTION_DAYS.min}
        max={BACKUP_RETENTION_DAYS.max}
        value={to.backupRetentionDays}
        onChange={(backupRetentionDays) => set({ backupRetentionDays })}
        description={
          to.backupRetentionDays < from.backupRetentionDays
            ? 'What is older can’t be restored any more, and is deleted.'
            : 'Every moment within can be restored.'
        }
      />
      <Select
        label="Full backup"
        layout="stack"
        value={String(to.backupIntervalHours)}
        onChange={(id) => set({ backupIntervalHours: Number(id) })}
        options={[...new Set([...INTERVALS, from.backupIntervalHours])]
          .toSorted((a, b) => a - b)
          .map((hours) => ({ id: String(hours), label: hours === 24 ? 'every day' : `every ${hours} hours` }))}
        description="The log is kept at all times. More full backups make restores quicker, and take more room."
      />
      <Switch
        label="Geo-redundant"
        description={`A second copy of everything is kept in ${pair ?? 'the paired region'}.`}
        checked={to.geoRedundantBackup === 'Enabled'}
        onChange={(on) => set({ geoRedundantBackup: on ? 'Enabled' : 'Disabled' })}
      />
    </ChangePane>
  );
}

function settingsOf({ properties: { backup } }: Server): BackupSettingsChoice {
  return {
    backupRetentionDays: backup?.backupRetentionDays ?? BACKUP_RETENTION_DAYS.default,
    backupIntervalHours: backup?.backupIntervalHours ?? 24,
    geoRedundantBackup: backup?.geoRedundantBackup === 'Enabled' ? 'Enabled' : 'Disabled',
  };
}
