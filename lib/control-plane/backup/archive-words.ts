/** Why a log is not archived, for people: no paths, and nothing of mysqld's own logs. */
export function archiveFailureWords(failure: Error): string {
  const code = (failure as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The backup store is full. Make room on its disk.';
  if (code === 'ERR_SQLITE_ERROR') return 'Flexdeck’s own database could not be written. Make room on its disk.';
  if (/^E[A-Z]+$/.test(code)) return `The backup store or the server could not be reached (${code}).`;
  return failure.message.includes('/') ? 'The server’s log could not be read.' : failure.message;
}
