import type { OperationDefinition } from './definition.ts';
import type { World } from './world.ts';

/** The new time is written down as it begins: there is nothing left to do. */
export const rescheduleMaintenance: OperationDefinition<World> = {
  armName: 'UpdateMaintenanceManagementOperation',
  title: 'Reschedule maintenance',
  action: 'Microsoft.DBforMySQL/flexibleServers/maintenances/write',
  exclusive: false,
  lane: 'maintenance',
  whenAStepFails: 'leave',
  steps: [],
};
