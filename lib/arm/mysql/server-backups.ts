import type { BackupTimeline } from '../local/backup.ts';

/** What a server can be restored to, and what happened to it meanwhile: the portal's own form of what its cloud tells. */
export type ServerBackups = BackupTimeline['properties'] & {
  /** The cloud tells each transaction, event and test restore; otherwise only its full backups and the span are known. */
  detailed: boolean;
};
export type FullBackup = ServerBackups['fullBackups'][number];
