import * as z from 'zod';

const Sku = z.object({ name: z.string(), tier: z.string() });

/** A weekly time at which a server is started, stopped or scaled (`Flexdeck.Local/schedules`). */
export const ScheduleResource = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    action: z.enum(['Start', 'Stop', 'Scale']),
    days: z.array(z.enum(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'])),
    /** `19:30` of the time zone's own clocks. */
    time: z.string(),
    timeZone: z.string(),
    enabled: z.boolean(),
    sku: Sku.optional(),
    /** ISO 8601; absent while it is not enabled. */
    nextRun: z.string().optional(),
    lastRun: z
      .looseObject({ due: z.string(), at: z.string(), outcome: z.string(), message: z.string().nullish() })
      .optional(),
  }),
});
export type ScheduleResource = z.infer<typeof ScheduleResource>;

/** What is put: of a schedule, what a person chose. */
export type ScheduleForPut = Pick<
  ScheduleResource['properties'],
  'action' | 'days' | 'time' | 'timeZone' | 'enabled' | 'sku'
>;

/** When a stopped server starts by itself (`Flexdeck.Local/autoStart`). */
export const AutoStart = z.looseObject({
  properties: z.looseObject({
    afterDays: z.number(),
    /** ISO 8601; both absent while it runs. */
    stoppedAt: z.string().optional(),
    startsAt: z.string().optional(),
  }),
});
export type AutoStart = z.infer<typeof AutoStart>;
