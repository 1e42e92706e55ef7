import * as z from 'zod';

/** Somebody's connection to a server. */
export const Session = z.object({
  connectionId: z.number(),
  user: z.string(),
  /** Of the client, as the gateway knows it; absent while that does not answer. */
  clientAddress: z.string().optional(),
  database: z.string().optional(),
  /** `Query`, `Sleep` … */
  command: z.string(),
  /** For how long it is in its state. */
  seconds: z.number(),
  state: z.string().optional(),
  /** What it runs, with `?` for values. */
  statement: z.string().optional(),
  /** For how long its transaction is open. */
  transactionSeconds: z.number().optional(),
  rowsLocked: z.number().optional(),
  rowsModified: z.number().optional(),
});
export type Session = z.infer<typeof Session>;

/** One session waits for another. */
export const LockWait = z.object({
  waiting: z.number(),
  blocking: z.number(),
  kind: z.enum(['row', 'table']),
  /** `shop.orders` */
  object: z.string(),
  index: z.string().optional(),
  /** What is asked for: `X,REC_NOT_GAP`, `EXCLUSIVE` … */
  mode: z.string(),
  seconds: z.number().optional(),
});
export type LockWait = z.infer<typeof LockWait>;

export const Sessions = z.object({ value: z.array(Session), waits: z.array(LockWait), isCut: z.boolean() });
export type Sessions = z.infer<typeof Sessions>;
