import type { BackupEvent, BackupVerification } from '@/lib/arm/local/backup';
import type { FullBackup } from '@/lib/arm/mysql/server-backups';

const VERBS: Record<string, string> = {
  DropTable: 'DROP TABLE',
  DropDatabase: 'DROP DATABASE',
  Truncate: 'TRUNCATE',
  AlterTable: 'ALTER TABLE',
  CreateTable: 'CREATE TABLE',
  BigDelete: 'DELETE',
  BigUpdate: 'UPDATE',
};

/** "DROP TABLE orders", "DELETE of 12,000 rows from orders", "failover". */
export function eventWords({ kind, database, table, rows, statement }: BackupEvent): string {
  const verb = VERBS[kind];
  if (kind === 'BigDelete' || kind === 'BigUpdate') {
    const many = rows === null ? 'many rows' : `${rows.toLocaleString('en-US')} rows`;
    return `${verb} of ${many}${table ? ` ${kind === 'BigDelete' ? 'from' : 'of'} ${table}` : ''}`;
  }
  if (verb) return `${verb} ${table ?? database ?? ''}`.trim();
  if (kind === 'Failover') return 'Failover';
  if (kind === 'Restored') return table ? `${table} brought back` : 'Restored';
  if (kind === 'Configuration') return 'Parameters changed';
  return statement?.slice(0, 60) ?? kind;
}

/** "Full, automatic" or "On demand “before-release”". */
export function backupWords({ source, name }: Pick<FullBackup, 'source' | 'name'>): string {
  return source === 'Automatic' ? 'Full, automatic' : `On demand “${name}”`;
}

/** "12 tables, 48,212 rows equal, in 6.4 s". */
export function verificationWords({ tablesChecked, rowsChecked, durationSeconds }: BackupVerification): string {
  const parts = [
    tablesChecked !== null && `${tablesChecked.toLocaleString('en-US')} ${tablesChecked === 1 ? 'table' : 'tables'}`,
    rowsChecked !== null && `${rowsChecked.toLocaleString('en-US')} rows`,
  ].filter(Boolean);
  const what = parts.length > 0 ? `${parts.join(', ')} checked` : 'checked';
  return durationSeconds === null ? what : `${what} in ${seconds(durationSeconds)}`;
}

/** "9 s", "0.8 s", "3 min 5 s". */
export function seconds(value: number): string {
  if (value < 10) return `${Math.round(value * 10) / 10} s`;
  if (value < 100) return `${Math.round(value)} s`;
  const minutes = Math.round(value / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;
}
