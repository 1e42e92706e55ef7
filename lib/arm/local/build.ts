import * as z from 'zod';

/** A build of MySQL on the service's machine, as it stands to a server's (`Flexdeck.Local/builds`). */
export const MysqlBuild = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    /** `9.7.4`; absent where it cannot be told. */
    version: z.string().optional(),
    /** When it came, ISO 8601. */
    cameAt: z.string().optional(),
    state: z.enum(['InUse', 'Newer', 'NotNewer', 'OtherSeries', 'Unusable']),
    explanation: z.string(),
  }),
});
export type MysqlBuild = z.infer<typeof MysqlBuild>;
