import * as z from 'zod';

/** Microsoft.DBforMySQL/flexibleServers/databases. */
export const Database = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    charset: z.string().nullish(),
    collation: z.string().nullish(),
    /** Data and indexes in bytes; the local control plane only. */
    sizeBytes: z.number().nullish(),
  }),
});
export type Database = z.infer<typeof Database>;

export const DatabaseForPut = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  systemData: z.unknown().optional(),
  properties: z.object({ charset: z.string().nullish(), collation: z.string().nullish() }).nullish(),
});
