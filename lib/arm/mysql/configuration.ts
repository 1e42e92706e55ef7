import * as z from 'zod';

/** Microsoft.DBforMySQL/flexibleServers/configurations: a server parameter. Every value is a string. */
export const Configuration = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    value: z.string().nullish(),
    currentValue: z.string().nullish(),
    description: z.string().nullish(),
    documentationLink: z.string().nullish(),
    defaultValue: z.string().nullish(),
    dataType: z.string().nullish(),
    allowedValues: z.string().nullish(),
    source: z.string().nullish(),
    isReadOnly: z.string().nullish(),
    isConfigPendingRestart: z.string().nullish(),
    isDynamicConfig: z.string().nullish(),
  }),
});
export type Configuration = z.infer<typeof Configuration>;
