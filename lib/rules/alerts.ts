import type { Aggregation } from '../arm/insights/aggregations.ts';

/** What an alert rule may say: the same lists for the form and for the API. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How much of the past is looked at, ISO 8601, to milliseconds. Azure takes a day in both spellings. */
export const WINDOW_SIZES: Readonly<Record<string, number>> = {
  PT1M: MINUTE,
  PT5M: 5 * MINUTE,
  PT15M: 15 * MINUTE,
  PT30M: 30 * MINUTE,
  PT1H: HOUR,
  PT6H: 6 * HOUR,
  PT12H: 12 * HOUR,
  P1D: 24 * HOUR,
  PT24H: 24 * HOUR,
};

/** How often it is looked at. */
export const EVALUATION_FREQUENCIES: Readonly<Record<string, number>> = {
  PT1M: MINUTE,
  PT5M: 5 * MINUTE,
  PT15M: 15 * MINUTE,
  PT30M: 30 * MINUTE,
  PT1H: HOUR,
};

export const OPERATORS = {
  GreaterThan: 'greater than',
  GreaterThanOrEqual: 'greater than or equal to',
  LessThan: 'less than',
  LessThanOrEqual: 'less than or equal to',
  Equals: 'equal to',
} as const;
export type AlertOperator = keyof typeof OPERATORS;

/** From the most to the least urgent, in Azure's words. */
export const SEVERITIES = ['Critical', 'Error', 'Warning', 'Informational', 'Verbose'] as const;

/** Azure's limits. */
export const MOST_CRITERIA = 5;
export const MOST_ACTION_GROUPS = 5;
/** A fired alert is resolved after this many looks in a row that found its condition no longer met. */
export const HEALTHY_LOOKS_TO_RESOLVE = 3;

const FORBIDDEN_IN_NAMES = /[*#&+:<>?@%{}\\/|\p{Cc}]/u;

/** What is wrong with the name of an alert rule, an action group or a muting; undefined when nothing is. */
export function alertNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'Give it a name.';
  if (name.length > 260) return 'A name has 260 characters at most.';
  if (FORBIDDEN_IN_NAMES.test(name)) return 'A name cannot have any of * # & + : < > ? @ % { } \\ / |.';
  if (/[. ]$/.test(name)) return 'A name cannot end with a full stop or a space.';
  return undefined;
}

/** What is wrong with how often a rule looks and at how much; undefined when nothing is. */
export function timingProblem(
  windowSize: string,
  evaluationFrequency: string,
): { target: 'windowSize' | 'evaluationFrequency'; message: string } | undefined {
  const window = WINDOW_SIZES[windowSize];
  const frequency = EVALUATION_FREQUENCIES[evaluationFrequency];
  if (window === undefined) {
    return { target: 'windowSize', message: `The window is one of ${Object.keys(WINDOW_SIZES).join(', ')}.` };
  }
  if (frequency === undefined) {
    const known = Object.keys(EVALUATION_FREQUENCIES).join(', ');
    return { target: 'evaluationFrequency', message: `The frequency is one of ${known}.` };
  }
  if (frequency > window) {
    return {
      target: 'evaluationFrequency',
      message: `Looking every ${evaluationFrequency} at the last ${windowSize} would miss what lies between. Look more often, or at a longer window.`,
    };
  }
  return undefined;
}

export function isMet(operator: AlertOperator, value: number, threshold: number): boolean {
  switch (operator) {
    case 'GreaterThan':
      return value > threshold;
    case 'GreaterThanOrEqual':
      return value >= threshold;
    case 'LessThan':
      return value < threshold;
    case 'LessThanOrEqual':
      return value <= threshold;
    case 'Equals':
      return value === threshold;
  }
}

export interface RecommendedRule {
  /** What the rule's name begins with; the server's name follows. */
  title: string;
  description: string;
  metricName: string;
  timeAggregation: Aggregation;
  operator: AlertOperator;
  threshold: number;
  /** 0 to 4. */
  severity: number;
  windowSize: string;
  evaluationFrequency: string;
}

/** What every server is better watched for. Thresholds of shares, so that they hold at any size. */
export const RECOMMENDED_RULES: readonly RecommendedRule[] = [
  recommended(
    'CPU is high',
    'cpu_percent',
    'Average',
    80,
    3,
    'MySQL used more than 80 % of its processors for five minutes.',
  ),
  recommended(
    'Memory is high',
    'memory_percent',
    'Average',
    90,
    3,
    'MySQL had more than 90 % of its memory for five minutes.',
  ),
  recommended(
    'Storage is almost full',
    'storage_percent',
    'Average',
    85,
    2,
    'More than 85 % of the storage is used. A full server takes no more writes.',
  ),
  recommended(
    'IO is at its limit',
    'io_consumption_percent',
    'Average',
    95,
    3,
    'Reads and writes were at the provisioned IOPS for five minutes.',
  ),
  recommended(
    'Connections fail',
    'aborted_connections',
    'Total',
    10,
    3,
    'More than ten attempts to connect failed within five minutes.',
  ),
  recommended('Deadlocks', 'lock_deadlocks', 'Total', 5, 3, 'More than five deadlocks within five minutes.'),
];

function recommended(
  title: string,
  metricName: string,
  timeAggregation: Aggregation,
  threshold: number,
  severity: number,
  description: string,
): RecommendedRule {
  return {
    title,
    description,
    metricName,
    timeAggregation,
    operator: 'GreaterThan',
    threshold,
    severity,
    windowSize: 'PT5M',
    evaluationFrequency: 'PT1M',
  };
}
