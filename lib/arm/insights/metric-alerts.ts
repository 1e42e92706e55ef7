import * as z from 'zod';

/** One comparison of a rule with a fixed threshold: `MetricCriteria`. */
export const MetricCriterion = z.looseObject({
  criterionType: z.string().nullish(),
  name: z.string(),
  metricName: z.string(),
  metricNamespace: z.string().nullish(),
  timeAggregation: z.string(),
  operator: z.string(),
  threshold: z.number().nullish(),
  dimensions: z.array(z.unknown()).nullish(),
  skipMetricValidation: z.boolean().nullish(),
});
export type MetricCriterion = z.infer<typeof MetricCriterion>;

const MetricAlertCriteria = z.looseObject({
  'odata.type': z.string(),
  allOf: z.array(MetricCriterion).nullish(),
});

const MetricAlertAction = z.looseObject({
  actionGroupId: z.string(),
  webHookProperties: z.record(z.string(), z.string()).nullish(),
});

const properties = {
  description: z.string().nullish(),
  severity: z.int(),
  enabled: z.boolean(),
  scopes: z.array(z.string()),
  evaluationFrequency: z.string(),
  windowSize: z.string(),
  targetResourceType: z.string().nullish(),
  targetResourceRegion: z.string().nullish(),
  criteria: MetricAlertCriteria,
  autoMitigate: z.boolean().nullish(),
  actions: z.array(MetricAlertAction).nullish(),
  lastUpdatedTime: z.string().nullish(),
  isMigrated: z.boolean().nullish(),
};

export const MetricAlertProperties = z.looseObject(properties);
export type MetricAlertProperties = z.infer<typeof MetricAlertProperties>;

export const MetricAlert = z.looseObject({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: MetricAlertProperties,
});
export type MetricAlert = z.infer<typeof MetricAlert>;

const envelope = {
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  tags: z.record(z.string(), z.string()).nullish(),
};

/** The body of a PUT. */
export const MetricAlertForPut = z.strictObject({
  ...envelope,
  location: z.string(),
  properties: z.strictObject(properties),
});
export type MetricAlertForPut = z.infer<typeof MetricAlertForPut>;

/** The body of a PATCH: what is given replaces what is there. */
export const MetricAlertForPatch = z.strictObject({
  ...envelope,
  location: z.string().optional(),
  properties: z.strictObject(properties).partial().nullish(),
});
