import { SINGLE_RESOURCE_CRITERIA } from '../../arm/insights/alerting.ts';
import { TEST_GROUP, TEST_SERVER } from './conformance-world.ts';

export const ACTION_GROUP = `${TEST_GROUP}/providers/Microsoft.Insights/actionGroups/people`;
export const METRIC_ALERT = `${TEST_GROUP}/providers/Microsoft.Insights/metricAlerts/cpu`;
export const MUTING = `${TEST_GROUP}/providers/Microsoft.AlertsManagement/actionRules/quiet`;

/** The body of a PUT with one webhook on this machine. */
export function actionGroup(properties: object = {}) {
  return {
    location: 'Global',
    tags: { a: 'b' },
    properties: {
      groupShortName: 'people',
      enabled: true,
      webhookReceivers: [{ name: 'hook', serviceUri: 'http://127.0.0.1:9/hook', useCommonAlertSchema: true }],
      ...properties,
    },
  };
}

/** The body of a PUT of a rule that fires when the processor is more than half busy. */
export function metricAlert(properties: object = {}) {
  return {
    location: 'global',
    tags: { a: 'b' },
    properties: {
      description: 'Half of the processor is busy.',
      severity: 2,
      enabled: true,
      scopes: [TEST_SERVER],
      evaluationFrequency: 'PT1M',
      windowSize: 'PT5M',
      criteria: { 'odata.type': SINGLE_RESOURCE_CRITERIA, allOf: [criterion()] },
      actions: [{ actionGroupId: ACTION_GROUP, webHookProperties: { team: 'data' } }],
      ...properties,
    },
  };
}

export function criterion(more: object = {}) {
  return {
    criterionType: 'StaticThresholdCriterion',
    name: 'busy',
    metricName: 'cpu_percent',
    timeAggregation: 'Average',
    operator: 'GreaterThan',
    threshold: 50,
    ...more,
  };
}
