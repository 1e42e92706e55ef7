import type { ServerForCreate, ServerForUpdate } from '../../arm/mysql/server.ts';
import { invalidParameter } from './refusals.ts';

type WindowInput = NonNullable<NonNullable<ServerForUpdate['properties']>['maintenanceWindow']>;

export interface MaintenanceWindow {
  customWindow: 'Enabled' | 'Disabled';
  /** 0 is Sunday; day and time are UTC. */
  dayOfWeek: number;
  startHour: number;
  startMinute: number;
  batchOfMaintenance: 'Default' | 'Batch1' | 'Batch2';
}

/** A window that the service manages has no day and hour of its own. */
export const NO_WINDOW = { customWindow: 'Disabled', dayOfWeek: 0, startHour: 0, startMinute: 0 } as const;

/** Azure takes a maintenance window only alone; a client that sends back what it read changes nothing and may. */
export function refuseWindowWithOthers(body: ServerForCreate | ServerForUpdate, before: MaintenanceWindow): void {
  const window = body.properties?.maintenanceWindow;
  if (!window) return;
  const after = planWindow(window, before);
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  const { maintenanceWindow: _, ...others } = body.properties ?? {};
  if (Object.keys(others).length > 0 || body.sku) {
    throw invalidParameter(
      'properties.maintenanceWindow',
      'The maintenance window cannot be changed together with other properties. Send it in an update of its own.',
    );
  }
}

export function planWindow(input: WindowInput, before: MaintenanceWindow): MaintenanceWindow {
  const custom = input.customWindow ?? before.customWindow;
  if (custom !== 'Enabled' && custom !== 'Disabled') {
    throw invalidParameter(
      'properties.maintenanceWindow.customWindow',
      "Invalid value given for parameter 'properties.maintenanceWindow.customWindow'. Allowed values: Enabled, Disabled.",
    );
  }
  // A window that the service manages has no day and hour of its own.
  const times = custom === 'Disabled' ? NO_WINDOW : { ...before, ...defined(input) };
  return {
    customWindow: custom,
    dayOfWeek: times.dayOfWeek,
    startHour: times.startHour,
    startMinute: times.startMinute,
    batchOfMaintenance: input.batchOfMaintenance ?? before.batchOfMaintenance,
  };
}

export function isDefaultWindow(input: WindowInput): boolean {
  return Object.entries(input).every(([field, value]) =>
    field === 'batchOfMaintenance' ? value === 'Default' : value === NO_WINDOW[field as keyof typeof NO_WINDOW],
  );
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
