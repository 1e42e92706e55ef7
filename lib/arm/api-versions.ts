/** api-versions of Microsoft.DBforMySQL flexible servers, oldest first; the newest shape is what is stored. */
export const MYSQL_API_VERSIONS = [
  '2021-05-01',
  '2021-05-01-preview',
  '2021-12-01-preview',
  '2022-01-01',
  '2022-09-30-preview',
  '2023-06-01-preview',
  '2023-06-30',
  '2023-10-01-preview',
  '2023-12-01-preview',
  '2023-12-30',
  '2024-02-01-preview',
  '2024-06-01-preview',
  '2024-10-01-preview',
  '2024-12-30',
  '2025-06-01-preview',
  '2025-12-01-preview',
] as const;

/** What the portal speaks: the newest stable one. */
export const MYSQL_API_VERSION = '2024-12-30';
/** The first one that deletes backups. */
export const DELETE_BACKUP_API_VERSION = '2025-12-01-preview';

/** Microsoft.Authorization/locks. */
export const LOCKS_API_VERSION = '2020-05-01';

/** True when `version` is `since` or later; a preview comes before the stable one of the same day. */
export function isAtLeast(version: string, since: string): boolean {
  const date = version.slice(0, 10);
  const sinceDate = since.slice(0, 10);
  if (date !== sinceDate) return date > sinceDate;
  return version === since || !version.endsWith('-preview');
}
