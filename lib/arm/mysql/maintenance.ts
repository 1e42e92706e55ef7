import * as z from 'zod';
import type { ServerKey } from '../resource-id.ts';

/** A maintenance of a server, ahead or past (2023-10-01-preview and later). */
export const Maintenance = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    maintenanceType: z.string().nullish(),
    /** `Scheduled`, `ReScheduled`, `InPreparation`, `Processing`, `Completed`, `Canceled`. */
    maintenanceState: z.string().nullish(),
    maintenanceStartTime: z.string().nullish(),
    maintenanceEndTime: z.string().nullish(),
    maintenanceExecutionStartTime: z.string().nullish(),
    maintenanceExecutionEndTime: z.string().nullish(),
    /** Between which times it can be put; absent once it can't be any more. */
    maintenanceAvailableScheduleMinTime: z.string().nullish(),
    maintenanceAvailableScheduleMaxTime: z.string().nullish(),
    maintenanceTitle: z.string().nullish(),
    maintenanceDescription: z.string().nullish(),
    /** How long clients waited, measured; the local control plane only. */
    downtimeMilliseconds: z.number().nullish(),
  }),
});
export type Maintenance = z.infer<typeof Maintenance>;

/** A maintenance that is ahead, or runs, of one of many servers. */
export interface FleetMaintenance {
  server: ServerKey;
  name: string;
  state: string;
  /** ISO 8601. */
  startTime: string;
  title: string;
}

/** What is ahead for a subscription's servers. */
export interface FleetMaintenances {
  items: FleetMaintenance[];
  /** How many servers were not asked, or did not answer. */
  unread: number;
}
