import * as z from 'zod';

export const ALERT_STATES = ['New', 'Acknowledged', 'Closed'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** One fired alert. */
export const Alert = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    essentials: z.looseObject({
      severity: z.string(),
      monitorCondition: z.string(),
      alertState: z.string(),
      alertRule: z.string().nullish(),
      description: z.string().nullish(),
      targetResource: z.string().nullish(),
      targetResourceName: z.string().nullish(),
      targetResourceGroup: z.string().nullish(),
      startDateTime: z.string(),
      lastModifiedDateTime: z.string().nullish(),
      lastModifiedUserName: z.string().nullish(),
      monitorConditionResolvedDateTime: z.string().nullish(),
      actionStatus: z.looseObject({ isSuppressed: z.boolean().nullish() }).nullish(),
    }),
    context: z.unknown().optional(),
  }),
});
export type Alert = z.infer<typeof Alert>;

const Schedule = z.strictObject({
  effectiveFrom: z.string().nullish(),
  effectiveUntil: z.string().nullish(),
  timeZone: z.string().nullish(),
  recurrences: z.array(z.looseObject({})).nullish(),
});

const Condition = z.strictObject({ field: z.string(), operator: z.string(), values: z.array(z.string()) });

const properties = {
  scopes: z.array(z.string()).min(1, 'Name at least one resource, resource group or subscription'),
  conditions: z.array(Condition).nullish(),
  schedule: Schedule.nullish(),
  actions: z.array(z.looseObject({ actionType: z.string() })).min(1, 'Say what is to be done'),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
};
export type AlertCondition = z.infer<typeof Condition>;

export const AlertProcessingRule = z.looseObject({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject(properties),
});
export type AlertProcessingRule = z.infer<typeof AlertProcessingRule>;

const envelope = {
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  systemData: z.looseObject({}).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
};

export const AlertProcessingRuleForPut = z.strictObject({
  ...envelope,
  location: z.string(),
  properties: z.strictObject(properties),
});

export const AlertProcessingRuleForPatch = z.strictObject({
  ...envelope,
  properties: z.strictObject({ enabled: z.boolean().nullish() }).nullish(),
});

/** `alertModification`: what became of an alert. */
export const AlertHistory = z.looseObject({
  properties: z.looseObject({
    modifications: z
      .array(
        z.looseObject({
          modificationEvent: z.string().nullish(),
          oldValue: z.string().nullish(),
          newValue: z.string().nullish(),
          modifiedAt: z.string().nullish(),
          modifiedBy: z.string().nullish(),
          comments: z.string().nullish(),
          description: z.string().nullish(),
        }),
      )
      .nullish(),
  }),
});
export type AlertHistory = z.infer<typeof AlertHistory>;
