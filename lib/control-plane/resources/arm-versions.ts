/** api-versions of ARM's own providers that clients in use send; the answers are the same in all of them. Oldest first. */

export const SUBSCRIPTION_API_VERSIONS = [
  '2016-06-01',
  '2018-06-01',
  '2019-06-01',
  '2019-11-01',
  '2020-01-01',
  '2021-01-01',
  '2021-10-01',
  '2022-09-01',
  '2022-12-01',
] as const;

export const RESOURCES_API_VERSIONS = [
  '2018-05-01',
  '2019-05-01',
  '2019-05-10',
  '2019-07-01',
  '2019-08-01',
  '2019-10-01',
  '2020-01-01',
  '2020-06-01',
  '2020-08-01',
  '2020-10-01',
  '2021-01-01',
  '2021-04-01',
  '2022-09-01',
  '2023-07-01',
  '2024-03-01',
  '2024-07-01',
  '2024-11-01',
  '2025-03-01',
  '2025-04-01',
] as const;

export const ACTIVITY_LOG_API_VERSIONS = ['2014-04-01', '2015-04-01', '2017-03-01-preview'] as const;

/** Metrics and their definitions. */
export const METRICS_API_VERSIONS = ['2018-01-01', '2019-07-01', '2021-05-01', '2023-10-01', '2024-02-01'] as const;

export const METRIC_NAMESPACES_API_VERSIONS = ['2017-12-01-preview', '2024-02-01'] as const;

export const METRIC_ALERTS_API_VERSIONS = ['2018-03-01'] as const;

export const ACTION_GROUPS_API_VERSIONS = ['2019-06-01', '2021-09-01', '2022-06-01', '2023-01-01'] as const;

export const ALERTS_API_VERSIONS = ['2018-05-05', '2019-03-01', '2019-05-05-preview'] as const;

export const ALERT_PROCESSING_RULES_API_VERSIONS = ['2021-08-08'] as const;

/** The data plane's batch of metrics. */
export const METRICS_BATCH_API_VERSIONS = ['2023-03-01-preview', '2023-10-01', '2024-02-01'] as const;

export const RESOURCE_HEALTH_API_VERSIONS = ['2018-07-01', '2020-05-01', '2022-10-01', '2023-10-01-preview'] as const;
