import * as z from 'zod';
import { ErrorDetail } from './error.ts';

/** What `Azure-AsyncOperation` answers (status monitor): common-types `OperationStatusResult` and the recordings. */
export const AsyncOperation = z.looseObject({
  id: z.string().optional(),
  name: z.string(),
  status: z.string(),
  startTime: z.string().optional(),
  endTime: z.string().nullish(),
  percentComplete: z.number().optional(),
  error: ErrorDetail.nullish(),
  /** What it is doing, in words: `properties.stage`, given by the local control plane only. */
  properties: z.looseObject({ stage: z.string().optional(), operation: z.string().optional() }).nullish(),
});
export type AsyncOperation = z.infer<typeof AsyncOperation>;

const TERMINAL = ['Succeeded', 'Failed', 'Canceled'];

/** ARM: an operation is over at Succeeded, Failed or Canceled; any other word means that it runs. */
export function isTerminal(status: string): boolean {
  return TERMINAL.includes(status);
}

/** A page of a list; `nextLink` is absent on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.looseObject({ value: z.array(item), nextLink: z.string().nullish() });
}
