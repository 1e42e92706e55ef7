import * as z from 'zod';

/** How the primary is lost in a rehearsal. */
export const REHEARSAL_KINDS = ['Planned', 'Forced', 'KillPrimary', 'FreezePrimary'] as const;
export type RehearsalKind = (typeof REHEARSAL_KINDS)[number];

export const MAX_REHEARSAL_WRITERS = 16;

/** What one asks for: `…/flexibleServers/{server}/providers/Flexdeck.Local/failoverRehearsals/{name}`. */
export const FailoverRehearsalForPut = z.strictObject({
  properties: z.strictObject({
    kind: z.enum(REHEARSAL_KINDS),
    /** Sessions that write at the same time; 4 where nothing is said. */
    writers: z.int().min(1).max(MAX_REHEARSAL_WRITERS).optional(),
  }),
});

/** What the writers saw in each stretch of time, from the first on; one number per stretch. */
export const RehearsalSamples = z.object({
  bucketMilliseconds: z.number(),
  acknowledged: z.array(z.number()),
  refused: z.array(z.number()),
  lost: z.array(z.number()),
});
export type RehearsalSamples = z.infer<typeof RehearsalSamples>;

const Zones = z.object({ primary: z.string(), standby: z.string() });

/** All times in milliseconds since the first write, with their fractions. */
export const RehearsalReport = z.object({
  mysqlVersion: z.string(),
  zonesBefore: Zones,
  zonesAfter: Zones,
  acknowledgedWrites: z.int(),
  /** Those of them that are not there afterwards, on any side. */
  acknowledgedAndLost: z.int(),
  /** The first of them. */
  lostRows: z.array(z.int()),
  /** Where all acknowledged rows were looked for. */
  comparedOn: z.array(z.enum(['primary', 'standby'])),
  /** The longest time between two acknowledged writes of all writers together, after the fault. */
  longestGapMilliseconds: z.number(),
  longestGapStart: z.number(),
  /** The same before the fault: what is usual on this machine. */
  usualGapMilliseconds: z.number(),
  /** Attempts to connect that were turned down. */
  refusedConnections: z.int(),
  /** Sessions that ended under a writer. */
  lostConnections: z.int(),
  /** What turned them down or ended them: MySQL's or the system's name of the error, and how often. */
  errors: z.record(z.string(), z.int()),
  phases: z.array(z.object({ name: z.string(), start: z.number(), end: z.number() })),
});
export type RehearsalReport = z.infer<typeof RehearsalReport>;

export const FailoverRehearsal = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    kind: z.enum(REHEARSAL_KINDS),
    writers: z.int(),
    state: z.enum(['Running', 'Succeeded', 'Failed']),
    startTime: z.string(),
    endTime: z.string().nullish(),
    /** Why there is no report. */
    error: z.object({ code: z.string(), message: z.string() }).nullish(),
    report: RehearsalReport.nullish(),
    /** Of one that is asked for by its name; lists are without. */
    samples: RehearsalSamples.nullish(),
  }),
});
export type FailoverRehearsal = z.infer<typeof FailoverRehearsal>;
