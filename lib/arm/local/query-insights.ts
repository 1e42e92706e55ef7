import * as z from 'zod';

/** What a statement cost in a time span. Times in seconds. */
export const StatementCosts = z.object({
  count: z.number(),
  totalSeconds: z.number(),
  averageSeconds: z.number(),
  lockSeconds: z.number(),
  errors: z.number(),
  rowsSent: z.number(),
  rowsExamined: z.number(),
  rowsAffected: z.number(),
  /** Runs without an index, or without a good one. */
  noIndexCount: z.number(),
  /** Temporary tables that went to disk. */
  diskTables: z.number(),
});
export type StatementCosts = z.infer<typeof StatementCosts>;

export const STATEMENT_ORDERS = ['totalTime', 'averageTime', 'count', 'rowsExamined', 'errors', 'noIndex'] as const;
export type StatementOrder = (typeof STATEMENT_ORDERS)[number];

export const TopStatement = z.object({
  /** Names it below `queryStatements`; `0` stands for all that are not kept by name. */
  id: z.string(),
  database: z.string(),
  /** With `?` for values. */
  text: z.string(),
  costs: StatementCosts,
});
export type TopStatement = z.infer<typeof TopStatement>;

const TrendPoint = z.object({
  time: z.string(),
  count: z.number(),
  totalSeconds: z.number(),
  rowsExamined: z.number(),
  errors: z.number(),
});

export const TopStatements = z.object({
  value: z.array(TopStatement),
  /** Of all statements of the span. */
  total: StatementCosts,
  /** Of all statements, by steps; steps without any run are left out. */
  trend: z.array(TrendPoint),
  /** PT1M or PT1H */
  interval: z.string(),
  waits: z.array(z.object({ kind: z.string(), count: z.number(), totalSeconds: z.number() })),
});
export type TopStatements = z.infer<typeof TopStatements>;

export const StatementDetail = TopStatement.extend({
  trend: z.array(TrendPoint),
  interval: z.string(),
  /** One run as it was, with `?` for values; absent when the server remembers none. */
  sample: z.object({ text: z.string(), time: z.string() }).optional(),
});
export type StatementDetail = z.infer<typeof StatementDetail>;

/** How MySQL would run the sample: EXPLAIN FORMAT=TREE, with `?` for values. */
export const StatementPlan = z.object({ plan: z.string(), explained: z.string() });
export type StatementPlan = z.infer<typeof StatementPlan>;

export const IndexAdvice = z.object({
  kind: z.enum(['missing', 'unused', 'redundant']),
  database: z.string(),
  table: z.string(),
  index: z.string().optional(),
  /** What speaks for it, in words and figures. */
  evidence: z.string(),
  /** What would do it: to be judged and run by a person. */
  statement: z.string().optional(),
  /** The statement that it is about, below `queryStatements`. */
  statementId: z.string().optional(),
});
export type IndexAdvice = z.infer<typeof IndexAdvice>;

export const IndexAdviceList = z.object({
  value: z.array(IndexAdvice),
  /** Since when "unused" is counted: mysqld's start. */
  countedSince: z.string(),
});
export type IndexAdviceList = z.infer<typeof IndexAdviceList>;
