import * as z from 'zod';

/** One look at whether a server can go to another series of MySQL. */
const UpgradeCheckResult = z.looseObject({
  name: z.string(),
  /** For people: `Accounts`. */
  title: z.string(),
  outcome: z.enum(['Passed', 'Warning', 'Failed', 'Skipped']),
  /** A sentence or two: what was found and what to do. */
  message: z.string(),
  /** What it is about: names of parameters, accounts, tables. */
  items: z.array(z.string()),
});
export type UpgradeCheckResult = z.infer<typeof UpgradeCheckResult>;

/** GET `…/providers/Flexdeck.Local/upgradeChecks` */
export const UpgradeCheck = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    fromVersion: z.string(),
    toVersion: z.string(),
    status: z.enum(['InProgress', 'Passed', 'Failed']),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    checks: z.array(UpgradeCheckResult),
    /** How long the newer MySQL took to take the copy's data over, as measured. */
    startMilliseconds: z.number().nullable(),
    /** Why it ended without results, a sentence. */
    problem: z.string().nullable(),
  }),
});
export type UpgradeCheck = z.infer<typeof UpgradeCheck>;

/** GET `…/providers/Flexdeck.Local/upgrades` */
export const Upgrade = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    fromVersion: z.string(),
    toVersion: z.string(),
    status: z.enum(['InProgress', 'Succeeded', 'Failed']),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    downtimeMilliseconds: z.number().nullable(),
    /** The full backup that was made before, by its name. */
    backup: z.string().nullable(),
    problem: z.string().nullable(),
  }),
});
export type Upgrade = z.infer<typeof Upgrade>;
