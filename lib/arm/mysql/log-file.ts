import * as z from 'zod';

/** `LogFile` of Microsoft.DBforMySQL 2023-12-30. */
export const LogFile = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  properties: z.object({
    sizeInKB: z.number(),
    createdTime: z.string().nullish(),
    lastModifiedTime: z.string().nullish(),
    /** `slowlog` or `errorlog`. */
    type: z.string(),
    /** Leads to the file without a token, for a while. */
    url: z.string(),
    /** Flexdeck's own, of a server that has a standby: where it was written, and by whom if it still is. */
    writer: z.object({ zone: z.string(), role: z.enum(['primary', 'standby']).optional() }).optional(),
  }),
});
export type LogFile = z.infer<typeof LogFile>;
