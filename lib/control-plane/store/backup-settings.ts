import type { Database } from './database.ts';

export interface BackupSettingsRow {
  /** Hours between two verifications; 0: none. */
  verificationIntervalHours: number;
  /** Changes of this many rows of one table in one transaction are marked on the timeline. */
  bigChangeRows: number;
}

const DEFAULTS: BackupSettingsRow = { verificationIntervalHours: 168, bigChangeRows: 1000 };

export function readBackupSettings(database: Database, serverId: string): BackupSettingsRow {
  const row = database.prepare('SELECT settings FROM backup_settings WHERE server_id = ?').get(serverId);
  return row ? { ...DEFAULTS, ...(JSON.parse(row['settings'] as string) as BackupSettingsRow) } : DEFAULTS;
}

export function writeBackupSettings(database: Database, serverId: string, settings: BackupSettingsRow): void {
  database
    .prepare(
      `INSERT INTO backup_settings (server_id, settings) VALUES (?, ?)
       ON CONFLICT (server_id) DO UPDATE SET settings = excluded.settings`,
    )
    .run(serverId, JSON.stringify(settings));
}
