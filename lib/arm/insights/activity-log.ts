import * as z from 'zod';

const Localized = z.looseObject({ value: z.string(), localizedValue: z.string().nullish() });

/** `EventData` of the activity log, Microsoft.Insights/eventtypes/management/values 2015-04-01. */
export const ActivityEvent = z.looseObject({
  eventDataId: z.string(),
  id: z.string().optional(),
  correlationId: z.string().nullish(),
  caller: z.string().nullish(),
  level: z.string().nullish(),
  resourceId: z.string().nullish(),
  resourceGroupName: z.string().nullish(),
  operationName: Localized.nullish(),
  operationId: z.string().nullish(),
  status: Localized.nullish(),
  subStatus: Localized.nullish(),
  eventTimestamp: z.string(),
  submissionTimestamp: z.string().nullish(),
  description: z.string().nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
  httpRequest: z.looseObject({ method: z.string().nullish(), clientIpAddress: z.string().nullish() }).nullish(),
});
export type ActivityEvent = z.infer<typeof ActivityEvent>;
