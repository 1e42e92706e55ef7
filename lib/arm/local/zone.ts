import * as z from 'zod';

/** `/subscriptions/{s}/providers/Flexdeck.Local/locations/{location}/zones/{zone}` */
export const Zone = z.looseObject({
  id: z.string(),
  /** `1` */
  name: z.string(),
  properties: z.looseObject({
    location: z.string(),
    state: z.enum(['Available', 'Lost']),
    lostTime: z.string().nullish(),
    lostBy: z.string().nullish(),
    /** Servers whose primary, or whose standby, is in it. */
    primaries: z.int(),
    standbys: z.int(),
  }),
});
export type Zone = z.infer<typeof Zone>;

/** What names a zone. `location` in its short form. */
export interface ZoneKey {
  subscriptionId: string;
  location: string;
  zone: string;
}
