import * as z from 'zod';

/** Microsoft.ResourceHealth/availabilityStatuses 2020-05-01. */
export const AvailabilityStatus = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    /** Available, Degraded, Unavailable, Unknown. */
    availabilityState: z.string(),
    title: z.string().nullish(),
    summary: z.string().nullish(),
    /** Planned, Unplanned, UserInitiated; Azure writes it in several ways. */
    reasonType: z.string().nullish(),
    // So spelt by Azure.
    occuredTime: z.string().nullish(),
    occurredTime: z.string().nullish(),
  }),
});
export type AvailabilityStatus = z.infer<typeof AvailabilityStatus>;
