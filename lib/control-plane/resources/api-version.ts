import { isAtLeast } from '../../arm/api-versions.ts';

/** Nested marks on fields: the first api-version that can name the field, or more marks below it. */
interface Marks {
  [field: string]: string | Marks;
}

/**
 * The first api-version of each field of a server that 2021-05-01 lacks. From Azure's OpenAPI files and type sets;
 * `storageRedundancy`, `backupIntervalHours` and `privateEndpointConnections` from recorded answers of the previews
 * between them. `stateReason` is this control plane's own, from the version that the portal speaks.
 */
const SERVER_PROPERTIES: Marks = {
  fullVersion: '2024-10-01-preview',
  databasePort: '2024-10-01-preview',
  stateReason: '2024-12-30',
  privateEndpointConnections: '2022-09-30-preview',
  importSourceProperties: '2023-06-30',
  maintenancePolicy: '2024-10-01-preview',
  lowerCaseTableNames: '2025-06-01-preview',
  storage: {
    logOnDisk: '2021-12-01-preview',
    autoIoScaling: '2021-12-01-preview',
    storageRedundancy: '2024-02-01-preview',
  },
  backup: { backupIntervalHours: '2023-12-30' },
  highAvailability: { replicationMode: '2025-06-01-preview' },
  maintenanceWindow: { batchOfMaintenance: '2024-12-30' },
};

/** What can be read in an older version but written only from this one on. */
const WRITABLE_SINCE: Marks = { network: { publicNetworkAccess: '2022-09-30-preview' } };

/** The body of PATCH learnt some fields later than the resource had them. */
const PATCHABLE_SINCE: Marks = { version: '2021-12-01-preview', network: '2023-06-30' };

const CONFIGURATION_PROPERTIES: Marks = {
  currentValue: '2021-12-01-preview',
  documentationLink: '2021-12-01-preview',
};

function without(value: unknown, marks: Marks, apiVersion: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => {
      const mark = Object.hasOwn(marks, field) ? marks[field] : undefined;
      if (mark === undefined) return [[field, inner]];
      if (typeof mark === 'string') return isAtLeast(apiVersion, mark) ? [[field, inner]] : [];
      return [[field, without(inner, mark, apiVersion)]];
    }),
  );
}

function withProperties(body: unknown, change: (properties: unknown) => unknown): unknown {
  if (typeof body !== 'object' || body === null || !('properties' in body)) return body;
  return { ...body, properties: change(body.properties) };
}

/** A property that is null is one that is not said: Bicep's and Terraform's conditions write them so. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => (inner === null ? [] : [[field, withoutNulls(inner)]])),
  );
}

/** A server of the newest shape as a client of `apiVersion` knows it: fields that the version lacks are left out. */
export function projectServer<T extends { properties: object }>(server: T, apiVersion: string): T {
  return withProperties(server, (properties) => without(properties, SERVER_PROPERTIES, apiVersion)) as T;
}

export function projectConfiguration<T extends { properties: object }>(configuration: T, apiVersion: string): T {
  return withProperties(configuration, (properties) => without(properties, CONFIGURATION_PROPERTIES, apiVersion)) as T;
}

/**
 * The body of a PUT or PATCH of a server with only the fields that `apiVersion` can write; any JSON value may come in.
 * The service ignores the others, so an older client leaves what it cannot name as it is.
 */
export function writableServerBody(body: unknown, apiVersion: string, method: 'PUT' | 'PATCH'): unknown {
  return withProperties(body, (properties) => {
    const writable = without(without(properties, SERVER_PROPERTIES, apiVersion), WRITABLE_SINCE, apiVersion);
    return withoutNulls(method === 'PATCH' ? without(writable, PATCHABLE_SINCE, apiVersion) : writable);
  });
}
