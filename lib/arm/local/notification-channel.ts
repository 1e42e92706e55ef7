import * as z from 'zod';

/** A way to tell people of alerts: `…/providers/Flexdeck.Local/notificationChannels`. */
export const NotificationChannel = z.looseObject({
  id: z.string(),
  name: z.enum(['webhook', 'email']),
  properties: z.looseObject({
    state: z.enum(['Available', 'NotConfigured']),
    /** For people: where it reaches, or what is missing. */
    detail: z.string(),
  }),
});
export type NotificationChannel = z.infer<typeof NotificationChannel>;
