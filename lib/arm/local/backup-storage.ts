import * as z from 'zod';

/** What the backups of one server take (`Flexdeck.Local/backupStorage`): full ones and the log, second copies included. */
export const BackupStorage = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({ usedBytes: z.number() }),
});
export type BackupStorage = z.infer<typeof BackupStorage>;
