import type { ActivityEvent } from '../../arm/insights/activity-log.ts';
import type { ErrorDetail } from '../../arm/error.ts';
import { insertActivityEvent } from '../store/activity.ts';
import type { Database } from '../store/database.ts';
import type { Caller, OperationRow } from '../store/operations.ts';

export interface ActivityRecord {
  /** `Microsoft.Resources/subscriptions/resourceGroups/write` */
  action: string;
  /** For people: `Create resource group`. */
  title: string;
  resourceId: string;
  caller: Caller;
  status: 'Started' | 'Succeeded' | 'Failed' | 'Canceled';
  /** Ties the events of one operation together; a synchronous change has one of its own. */
  operationId: string;
  error?: ErrorDetail | null | undefined;
  /** What happened, in words. */
  story?: string | undefined;
  /** A GUID. */
  eventId: string;
  at: number;
}

/** Writes one event of the activity log, in the caller's transaction. For changes that are no long-running operation. */
export function recordActivity(database: Database, record: ActivityRecord): void {
  const { subscriptionId, resourceGroup } = placeOf(record.resourceId);
  insertActivityEvent(database, {
    id: record.eventId,
    at: record.at,
    subscriptionId,
    resourceGroup: resourceGroup ?? null,
    resourceId: record.resourceId,
    correlationId: record.caller.correlationId,
    event: activityEvent(record),
  });
}

export function recordOperationEvent(
  database: Database,
  {
    definition,
    operation,
    ...rest
  }: {
    definition: { action: string; title: string };
    operation: OperationRow;
  } & Pick<ActivityRecord, 'status' | 'error' | 'story' | 'eventId' | 'at'>,
): void {
  recordActivity(database, {
    ...rest,
    action: definition.action,
    title: definition.title,
    resourceId: operation.resourceId,
    caller: operation.caller,
    operationId: operation.id,
  });
}

/** `EventData` as the activity log's list answers it (Microsoft.Insights 2015-04-01). */
function activityEvent(record: ActivityRecord): ActivityEvent {
  const { caller, resourceId, at, status, error } = record;
  const { subscriptionId, resourceGroup } = placeOf(resourceId);
  const type = typeOf(resourceId);
  const when = new Date(at).toISOString();
  const phase = status === 'Started' ? 'BeginRequest' : 'EndRequest';
  return {
    authorization: { action: record.action, scope: resourceId },
    caller: caller.name,
    channels: 'Operation',
    claims: { name: caller.name, 'http://schemas.microsoft.com/identity/claims/objectidentifier': caller.objectId },
    correlationId: caller.correlationId,
    description: error?.message ?? record.story ?? '',
    eventDataId: record.eventId,
    eventName: { value: phase, localizedValue: phase === 'BeginRequest' ? 'Begin request' : 'End request' },
    category: { value: 'Administrative', localizedValue: 'Administrative' },
    eventTimestamp: when,
    httpRequest: {
      clientRequestId: record.operationId,
      clientIpAddress: caller.clientAddress,
      method: caller.method,
      uri: caller.url,
    },
    id: `${resourceId}/events/${record.eventId}/ticks/${ticks(at)}`,
    level: status === 'Failed' ? 'Error' : 'Informational',
    operationId: record.operationId,
    operationName: { value: record.action, localizedValue: record.title },
    properties: {
      ...(error ? { statusCode: error.code, statusMessage: JSON.stringify({ error }) } : {}),
      eventCategory: 'Administrative',
    },
    resourceGroupName: resourceGroup ?? '',
    resourceId,
    resourceProviderName: localized(type.split('/')[0]!),
    resourceType: localized(type),
    status: localized(status),
    subStatus: localized(''),
    submissionTimestamp: when,
    subscriptionId,
    tenantId: caller.tenantId,
  };
}

/** An extension resource (a lock) may lie on a subscription itself. */
function placeOf(resourceId: string): { subscriptionId: string; resourceGroup?: string } {
  const [, subscriptionId = '', resourceGroup] =
    /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(resourceId) ?? [];
  return { subscriptionId, ...(resourceGroup && { resourceGroup }) };
}

/** Of the innermost provider: a lock on a server is a lock. */
function typeOf(resourceId: string): string {
  const at = resourceId.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) return 'Microsoft.Resources/subscriptions/resourceGroups';
  const [namespace, ...rest] = resourceId.slice(at + '/providers/'.length).split('/');
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

function localized(value: string): { value: string; localizedValue: string } {
  return { value, localizedValue: value };
}

/** .NET's: 100 ns since the year 1. */
function ticks(milliseconds: number): string {
  return String(BigInt(Math.floor(milliseconds)) * 10_000n + 621_355_968_000_000_000n);
}
