import * as z from 'zod';

/** A server parameter as ARM answers it; its booleans are the words `True` and `False`. */
export const Configuration = z.looseObject({
  id: z.string().optional(),
  name: z.string(),
  properties: z.looseObject({
    /** What it is set to; `currentValue` is what MySQL has now. */
    value: z.string().nullish(),
    currentValue: z.string().nullish(),
    description: z.string().nullish(),
    documentationLink: z.string().nullish(),
    defaultValue: z.string().nullish(),
    dataType: z.string().nullish(),
    allowedValues: z.string().nullish(),
    /** `system-default` or `user-override`. */
    source: z.string().nullish(),
    isReadOnly: z.string().nullish(),
    isConfigPendingRestart: z.string().nullish(),
    isDynamicConfig: z.string().nullish(),
  }),
});
export type Configuration = z.infer<typeof Configuration>;

/** One of the parameters of `POST …/updateConfigurations`. */
export interface ConfigurationForUpdate {
  name: string;
  properties: { value: string; source: 'user-override' | 'system-default' };
}
