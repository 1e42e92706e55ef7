import type { BeginAction } from '@/components/servers/use-server-change';
import type { RecoverTablesRequest } from '@/lib/arm/local/backup';
import type { ServerKey } from '@/lib/arm/resource-id';
import type { BackupSettingsChoice, RestoreChoice } from '@/lib/rules/backup-changes';

/** Makes a new server from backups. */
export type RestoreAction = BeginAction<[ServerKey, RestoreChoice]>;

/** The server actions of the Backup and restore page. */
export interface BackupActions {
  backUp: BeginAction<[ServerKey, string]>;
  deleteBackup: BeginAction<[ServerKey, string]>;
  changeSettings: BeginAction<[ServerKey, Partial<BackupSettingsChoice>]>;
  verify: BeginAction<[ServerKey]>;
  restore: RestoreAction;
  cancelRestore: BeginAction<[ServerKey]>;
  recoverTables: BeginAction<[ServerKey, RecoverTablesRequest]>;
}
