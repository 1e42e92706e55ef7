import * as z from 'zod';

/** A management lock as ARM answers it. */
export const Lock = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    /** `CanNotDelete` or `ReadOnly`. */
    level: z.string(),
    notes: z.string().nullish(),
  }),
});
export type Lock = z.infer<typeof Lock>;

/** A lock to be put. */
export interface LockForPut {
  name: string;
  level: 'CanNotDelete' | 'ReadOnly';
  /** Empty: none. */
  notes: string;
}
