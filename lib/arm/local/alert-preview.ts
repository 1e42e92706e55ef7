import * as z from 'zod';
import { MetricAlertProperties } from '../insights/metric-alerts.ts';

const { windowSize, evaluationFrequency, criteria, autoMitigate } = MetricAlertProperties.shape;

/** The body of `Flexdeck.Local/alertPreviews`: what of a rule decides when it fires; more of it may be sent, and is not read. */
export const AlertPreviewRequest = z.strictObject({
  /** `start/end` or a duration that ends now; a day without any. */
  timespan: z.string().nullish(),
  rule: z.object({ windowSize, evaluationFrequency, criteria, autoMitigate }),
});
export type AlertPreviewRequest = z.infer<typeof AlertPreviewRequest>;

/** What the rule would have done. */
export const AlertPreview = z.looseObject({
  timespan: z.string(),
  alerts: z.array(z.looseObject({ firedAt: z.string(), resolvedAt: z.string().nullable() })),
  looks: z.number(),
  looksWithoutData: z.number(),
});
export type AlertPreview = z.infer<typeof AlertPreview>;
