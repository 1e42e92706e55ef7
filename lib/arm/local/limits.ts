import * as z from 'zod';

/** What the service's machine holds a server to (`Flexdeck.Local/limits`). */
export const Limits = z.looseObject({
  properties: z.looseObject({
    /** A sentence for people. */
    processors: z.string(),
  }),
});
export type Limits = z.infer<typeof Limits>;
