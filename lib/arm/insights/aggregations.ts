/** `AggregationType` of Microsoft.Insights, apart from its schemas, so that the browser gets these words alone. */
export const AGGREGATIONS = ['Average', 'Minimum', 'Maximum', 'Total', 'Count'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];
