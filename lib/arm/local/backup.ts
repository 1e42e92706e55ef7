import * as z from 'zod';

/** What the timeline marks. */
export const BACKUP_EVENT_KINDS = [
  'DropTable',
  'DropDatabase',
  'Truncate',
  'AlterTable',
  'CreateTable',
  'OtherDdl',
  'BigDelete',
  'BigUpdate',
  'Failover',
  'Configuration',
  'Restored',
] as const;
export type BackupEventKind = (typeof BACKUP_EVENT_KINDS)[number];

/** A moment of the log: ISO in UTC with six decimals. Each transaction has one of its own. */
const Moment = z.string();

export const BackupVerification = z.looseObject({
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  status: z.enum(['InProgress', 'Succeeded', 'Failed']),
  fullBackup: z.string(),
  restorePoint: Moment.nullable(),
  tablesChecked: z.number().nullable(),
  rowsChecked: z.number().nullable(),
  durationSeconds: z.number().nullable(),
  /** Why it failed, a sentence. */
  problem: z.string().nullable(),
});
export type BackupVerification = z.infer<typeof BackupVerification>;

export const BackupSettings = z.looseObject({
  /** 0: none. */
  verificationIntervalHours: z.number(),
  /** Changes of this many rows of one table in one transaction are events. */
  bigChangeRows: z.number(),
});
export type BackupSettings = z.infer<typeof BackupSettings>;

export const BackupEvent = z.looseObject({
  at: Moment,
  /** What to restore to, to have everything before it and not it. */
  restorePointBefore: Moment,
  kind: z.string(),
  database: z.string().nullable(),
  table: z.string().nullable(),
  statement: z.string().nullable(),
  rows: z.number().nullable(),
  gtid: z.string().nullable(),
  severity: z.enum(['Danger', 'Info']),
});
export type BackupEvent = z.infer<typeof BackupEvent>;

/** GET `…/providers/Flexdeck.Local/backupTimeline` */
export const BackupTimeline = z.looseObject({
  properties: z.looseObject({
    earliestRestorePoint: Moment.nullable(),
    newestRestorePoint: Moment.nullable(),
    archive: z.looseObject({
      state: z.enum(['Archiving', 'Behind', 'Stopped', 'Broken']),
      reason: z.string().nullable(),
      secondsBehind: z.number().nullable(),
    }),
    fullBackups: z.array(
      z.looseObject({
        name: z.string(),
        source: z.enum(['Automatic', 'Manual']),
        state: z.enum(['Creating', 'Succeeded', 'Failed', 'Damaged']),
        startedAt: z.string(),
        completedAt: z.string().nullable(),
        restorePoint: Moment.nullable(),
        sizeBytes: z.number(),
        geoCopied: z.boolean(),
        problem: z.string().nullable(),
      }),
    ),
    log: z.array(z.looseObject({ from: Moment, to: Moment, bytes: z.number(), transactions: z.number() })),
    gaps: z.array(z.looseObject({ from: Moment, to: Moment, reason: z.string() })),
    events: z.array(BackupEvent),
    store: z.looseObject({
      bytes: z.number(),
      geoBytes: z.number(),
      /** Why the paired location does not get its copies now, and since when; null: it does, or is to have none. */
      geoFailure: z.looseObject({ since: z.string(), problem: z.string() }).nullable(),
    }),
    lastVerification: BackupVerification.nullable(),
    settings: BackupSettings,
  }),
});
export type BackupTimeline = z.infer<typeof BackupTimeline>;

/** Answer of POST `…/providers/Flexdeck.Local/restoreEstimate` */
export const RestoreEstimate = z.looseObject({
  restorePointInTime: Moment,
  fullBackup: z.looseObject({ name: z.string(), restorePoint: Moment }),
  bytesToUnpack: z.number(),
  bytesToReplay: z.number(),
  transactionsToReplay: z.number(),
  estimatedSeconds: z.number(),
  minimumStorageGB: z.number(),
});
export type RestoreEstimate = z.infer<typeof RestoreEstimate>;

/** GET `…/providers/Flexdeck.Local/restoreProgress` */
export const RestoreProgress = z.looseObject({
  properties: z.looseObject({
    sourceServerResourceId: z.string(),
    restorePointInTime: Moment.nullable(),
    status: z.enum(['InProgress', 'Succeeded', 'Failed', 'Canceled']),
    stage: z.string(),
    bytesDone: z.number(),
    bytesTotal: z.number(),
    transactionsDone: z.number(),
    transactionsTotal: z.number(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    estimatedSecondsLeft: z.number().nullable(),
    /** What people should know of how it was done: a damaged file that was gone around. */
    note: z.string().nullable(),
  }),
});
export type RestoreProgress = z.infer<typeof RestoreProgress>;

/** GET `/subscriptions/{subscriptionId}/providers/Flexdeck.Local/deletedServers`, one of its values. */
export const DeletedServer = z.looseObject({
  /** The id that it had. */
  id: z.string(),
  name: z.string(),
  location: z.string(),
  properties: z.looseObject({
    serverId: z.string(),
    deletedAt: z.string(),
    restorableUntil: z.string(),
    earliestRestorePoint: Moment.nullable(),
    newestRestorePoint: Moment.nullable(),
    sku: z.looseObject({ name: z.string(), tier: z.string() }),
    version: z.string(),
    storageSizeGB: z.number(),
    backupRetentionDays: z.number(),
    /** The paired location has a copy that it can be restored from there. */
    geoRestorable: z.boolean(),
  }),
});
export type DeletedServer = z.infer<typeof DeletedServer>;

/** One value of the answer of POST `…/providers/Flexdeck.Local/compareTables` */
export const ComparedTable = z.looseObject({
  database: z.string(),
  table: z.string(),
  /** Null: it is not there. */
  rowsHere: z.number().nullable(),
  rowsThere: z.number().nullable(),
});
export type ComparedTable = z.infer<typeof ComparedTable>;

export const RecoverTablesRequest = z.strictObject({
  restoredServerResourceId: z.string(),
  tables: z
    .array(
      z.strictObject({
        database: z.string().min(1).max(64),
        table: z.string().min(1).max(64),
        toDatabase: z.string().min(1).max(64).optional(),
        toTable: z.string().min(1).max(64).optional(),
      }),
    )
    .min(1)
    .max(200),
  /** What is there under that name goes. */
  overwrite: z.boolean().optional(),
});
export type RecoverTablesRequest = z.infer<typeof RecoverTablesRequest>;
