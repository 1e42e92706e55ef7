import { BackupBlade } from '@/components/backup/backup-blade';
import {
  backUpServer,
  cancelRestore,
  changeBackupSettings,
  deleteBackup,
  recoverTables,
  restoreServer,
  verifyBackup,
} from './actions';

export default function BackupPage() {
  return (
    <BackupBlade
      actions={{
        backUp: backUpServer,
        deleteBackup,
        changeSettings: changeBackupSettings,
        verify: verifyBackup,
        restore: restoreServer,
        cancelRestore,
        recoverTables,
      }}
    />
  );
}
