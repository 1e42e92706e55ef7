import { ArmError } from '../../arm/error.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import type { ServerForCreate, ServerForUpdate } from '../../arm/mysql/server.ts';
import { administratorLoginProblem, passwordProblem, serverNameProblem, tagsProblem } from '../../rules/names.ts';
import { findRegion, type Region } from '../../rules/regions.ts';
import { DEFAULT_SKU, findSku, type Sku, type Tier } from '../../rules/skus.ts';
import { includedIops, iopsProblem, retentionProblem, storageProblem } from '../../rules/storage.ts';
import { cannotChange, invalidParameter, notOffered } from './refusals.ts';
import { refuseWhatIsNotOffered } from './server-not-offered.ts';

export type EnableStatus = 'Enabled' | 'Disabled';

/**
 * The store's intent as this file alone writes it: complete with every default, in the newest shape, no secret in it.
 */
export interface CompleteIntent {
  tags: Record<string, string>;
  sku: { name: string; tier: Tier };
  systemData?: Record<string, unknown>;
  properties: {
    administratorLogin: string;
    /** The series that was asked for: `9.7`. */
    version: string;
    availabilityZone: string;
    replicationRole: 'None';
    lowerCaseTableNames: 1;
    storage: {
      storageSizeGB: number;
      iops: number;
      autoGrow: EnableStatus;
      logOnDisk: 'Disabled';
      autoIoScaling: EnableStatus;
      storageRedundancy: 'LocalRedundancy';
    };
    backup: { backupRetentionDays: number; backupIntervalHours: 24; geoRedundantBackup: 'Disabled' };
    network: { publicNetworkAccess: EnableStatus };
    highAvailability: { mode: 'Disabled' };
    maintenanceWindow: {
      customWindow: EnableStatus;
      dayOfWeek: number;
      startHour: number;
      startMinute: number;
      batchOfMaintenance: 'Default' | 'Batch1' | 'Batch2';
    };
    maintenancePolicy: { patchStrategy: 'Regular' };
  };
}

/** What a location of this machine has to offer. */
export interface Offer {
  /** Series of the MySQL runtimes present, newest first: `['9.7']`. */
  versions: readonly string[];
}

/** What an update begins with. */
export interface ExistingServer {
  intent: CompleteIntent;
  /** Short form: `westeurope`. */
  location: string;
  /** Null until the server has one. */
  port: number | null;
}

export interface ServerPlan {
  intent: CompleteIntent;
  /** Only in memory: to be hashed before anything is journaled. Undefined when it stays as it is. */
  password: string | undefined;
}

const DEFAULT_STORAGE_GIB = 32;
const NO_WINDOW = { customWindow: 'Disabled', dayOfWeek: 0, startHour: 0, startMinute: 0 } as const;

/**
 * The intent of a new server from the body of its PUT; what is not said gets Azure's default.
 *
 * @throws {ArmError} 400 or 409 for the first thing that is wrong, with the property as its target.
 */
export function planNewServer(
  name: string,
  body: ServerForCreate,
  offer: Offer,
): ServerPlan & { region: Region; zoneGiven: boolean } {
  const problem = serverNameProblem(name);
  if (problem) throw new ArmError('InvalidServerName', 400, problem, { target: 'serverName' });
  const region = requireRegion(body.location);
  const properties = body.properties ?? {};
  refuseWhatIsNotOffered(body);
  if (properties.maintenanceWindow && !isDefaultWindow(properties.maintenanceWindow)) {
    throw invalidParameter(
      'properties.maintenanceWindow',
      'The maintenance window cannot be set while a server is created. Set it in an update of its own afterwards.',
    );
  }
  if (properties.databasePort && properties.databasePort !== 3306) {
    throw notOffered('properties.databasePort', 'A database port of your choice is');
  }
  const sku = requireSku(body.sku);
  const { login, password } = requireAdministrator(properties);
  const zone = properties.availabilityZone ?? undefined;
  if (zone) requireZone(zone, region);

  const storage = planStorage(properties.storage ?? {}, sku);
  const intent: CompleteIntent = {
    tags: requireTags(body.tags),
    sku: { name: sku.name, tier: sku.tier },
    properties: {
      administratorLogin: login,
      version: requireVersion(properties.version, offer),
      availabilityZone: zone || region.zones[0]!,
      replicationRole: 'None',
      lowerCaseTableNames: 1,
      storage,
      backup: {
        backupRetentionDays: requireRetention(properties.backup?.backupRetentionDays ?? 7),
        backupIntervalHours: 24,
        geoRedundantBackup: 'Disabled',
      },
      network: { publicNetworkAccess: properties.network?.publicNetworkAccess ?? 'Enabled' },
      highAvailability: { mode: 'Disabled' },
      maintenanceWindow: { ...NO_WINDOW, batchOfMaintenance: 'Default' },
      maintenancePolicy: { patchStrategy: 'Regular' },
    },
  };
  return { intent, password, region, zoneGiven: Boolean(zone) };
}

/**
 * The intent of an existing server after a PUT or PATCH. What is not said stays as it is; only a PUT without tags
 * takes all tags away, as everywhere in ARM.
 *
 * @throws {ArmError} 400 for the first thing that is wrong, with the property as its target.
 */
export function planServerUpdate(
  existing: ExistingServer,
  body: ServerForCreate | ServerForUpdate,
  offer: Offer,
): ServerPlan {
  const before = existing.intent;
  const put = 'location' in body ? body : undefined;
  const properties = body.properties ?? {};
  refuseWhatIsNotOffered(body);
  if (put) refuseChangesOfWhatStays(existing, put);
  if (properties.version) refuseVersionChange(before.properties.version, properties.version, offer);
  refuseWindowWithOthers(body, before);

  const sku = body.sku ? requireSku(body.sku) : findSku(before.sku.name)!;
  const storage = planStorage(properties.storage ?? {}, sku, before.properties.storage);
  if (storage.storageSizeGB < before.properties.storage.storageSizeGB) {
    throw new ArmError(
      'StorageSizeCannotBeReduced',
      400,
      `Storage cannot shrink: the server has ${before.properties.storage.storageSizeGB} GiB, ${storage.storageSizeGB} GiB were asked for.`,
      { target: 'properties.storage.storageSizeGB' },
    );
  }
  const password = properties.administratorLoginPassword || undefined;
  if (password) requirePassword(password, before.properties.administratorLogin);
  const window = properties.maintenanceWindow;
  const intent: CompleteIntent = {
    tags: body.tags ? requireTags(body.tags) : put ? {} : before.tags,
    sku: { name: sku.name, tier: sku.tier },
    properties: {
      ...before.properties,
      storage,
      backup: {
        ...before.properties.backup,
        backupRetentionDays: requireRetention(
          properties.backup?.backupRetentionDays ?? before.properties.backup.backupRetentionDays,
        ),
      },
      network: {
        publicNetworkAccess: properties.network?.publicNetworkAccess ?? before.properties.network.publicNetworkAccess,
      },
      maintenanceWindow: window
        ? planWindow(window, before.properties.maintenanceWindow)
        : before.properties.maintenanceWindow,
    },
  };
  return { intent, password };
}

function refuseChangesOfWhatStays(existing: ExistingServer, body: ServerForCreate): void {
  const { properties: before } = existing.intent;
  if (requireRegion(body.location).name !== findRegion(existing.location)?.name) {
    throw new ArmError(
      'InvalidResourceLocation',
      409,
      `The server already exists in location '${existing.location}'. A server cannot be moved to location '${body.location}'.`,
      { target: 'location' },
    );
  }
  const login = body.properties?.administratorLogin;
  if (login !== undefined && login !== before.administratorLogin) {
    throw cannotChange(
      'properties.administratorLogin',
      `The admin name cannot be changed after the server was created. It is “${before.administratorLogin}”.`,
    );
  }
  const port = body.properties?.databasePort;
  if (port && port !== existing.port) {
    throw cannotChange(
      'properties.databasePort',
      `The database port cannot be changed after the server was created. It is ${existing.port ?? 'not chosen yet'}.`,
    );
  }
  const zone = body.properties?.availabilityZone;
  if (zone && zone !== before.availabilityZone) {
    throw cannotChange(
      'properties.availabilityZone',
      `The availability zone cannot be changed after the server was created. It is ${before.availabilityZone}.`,
    );
  }
}

function refuseVersionChange(before: string, wanted: string, offer: Offer): void {
  if (wanted === before) return;
  requireVersion(wanted, offer);
  throw cannotChange(
    'properties.version',
    `This server runs MySQL ${before}. An upgrade to ${wanted} is not available in this location.`,
  );
}

/** Azure takes a maintenance window only alone; a client that sends back what it read changes nothing and may. */
function refuseWindowWithOthers(body: ServerForCreate | ServerForUpdate, before: CompleteIntent): void {
  const window = body.properties?.maintenanceWindow;
  if (!window) return;
  const after = planWindow(window, before.properties.maintenanceWindow);
  if (JSON.stringify(after) === JSON.stringify(before.properties.maintenanceWindow)) return;
  const { maintenanceWindow: _, ...others } = body.properties ?? {};
  if (Object.keys(others).length > 0 || body.sku) {
    throw invalidParameter(
      'properties.maintenanceWindow',
      'The maintenance window cannot be changed together with other properties. Send it in an update of its own.',
    );
  }
}

type WindowInput = NonNullable<NonNullable<ServerForUpdate['properties']>['maintenanceWindow']>;
type Window = CompleteIntent['properties']['maintenanceWindow'];

function planWindow(input: WindowInput, before: Window): Window {
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

function isDefaultWindow(input: WindowInput): boolean {
  return Object.entries(input).every(([field, value]) =>
    field === 'batchOfMaintenance' ? value === 'Default' : value === NO_WINDOW[field as keyof typeof NO_WINDOW],
  );
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

type StorageInput = NonNullable<NonNullable<ServerForUpdate['properties']>['storage']>;
type Storage = CompleteIntent['properties']['storage'];

/** IOPS that nobody chose follow the storage and the size, as those that are included do in Azure. */
function planStorage(input: StorageInput, sku: Sku, before?: Storage): Storage {
  const storageSizeGB = input.storageSizeGB ?? before?.storageSizeGB ?? DEFAULT_STORAGE_GIB;
  const sizeProblem = storageProblem(storageSizeGB, sku.tier);
  if (sizeProblem) throw invalidParameter('properties.storage.storageSizeGB', sizeProblem);

  const included = includedIops(storageSizeGB, sku);
  const iops = input.iops ?? Math.min(Math.max(before?.iops ?? 0, included), sku.maxIops);
  const wrongIops = iopsProblem(iops, sku);
  if (wrongIops) throw invalidParameter('properties.storage.iops', wrongIops);
  return {
    storageSizeGB,
    iops,
    autoGrow: input.autoGrow ?? before?.autoGrow ?? 'Enabled',
    logOnDisk: 'Disabled',
    autoIoScaling: input.autoIoScaling ?? before?.autoIoScaling ?? 'Disabled',
    storageRedundancy: 'LocalRedundancy',
  };
}

function requireAdministrator(properties: NonNullable<ServerForCreate['properties']>): {
  login: string;
  password: string;
} {
  const { administratorLogin: login, administratorLoginPassword: password } = properties;
  if (!login) throw missing('properties.administratorLogin', 'admin name');
  const problem = administratorLoginProblem(login);
  if (problem) {
    throw new ArmError(problem.code, 400, problem.message, { target: 'properties.administratorLogin' });
  }
  if (!password) throw missing('properties.administratorLoginPassword', 'admin password');
  requirePassword(password, login);
  return { login, password };
}

function missing(target: string, what: string): ArmError {
  return new ArmError('MissingRequiredParameter', 400, `A new server needs an ${what}. Send '${target}'.`, { target });
}

function requirePassword(password: string, login: string): void {
  const problem = passwordProblem(password, login);
  if (problem) {
    throw new ArmError(problem.code, 400, problem.message, { target: 'properties.administratorLoginPassword' });
  }
}

/** @throws {ArmError} LocationNotAvailableForResourceType 400, in ARM's words. */
export function requireRegion(location: string): Region {
  const region = findRegion(location);
  if (region) return region;
  throw new ArmError(
    'LocationNotAvailableForResourceType',
    400,
    `The provided location '${location}' is not available for resource type '${SERVER_TYPE}'. Ask for the subscription's locations to see those that are.`,
    { target: 'location' },
  );
}

function requireZone(zone: string, region: Region): void {
  if (region.zones.includes(zone)) return;
  throw new ArmError(
    'InvalidAvailabilityZone',
    400,
    `The availability zone '${zone}' is not there in ${region.displayName}. Its zones are ${region.zones.join(', ')}.`,
    { target: 'properties.availabilityZone' },
  );
}

function requireSku(input: ServerForCreate['sku']): Sku {
  if (!input) return findSku(DEFAULT_SKU.Burstable)!;
  const sku = findSku(input.name);
  if (!sku) {
    throw new ArmError(
      'InvalidSku',
      400,
      `The size '${input.name}' is not offered. The location's capabilities list those that are.`,
      { target: 'sku.name' },
    );
  }
  if (sku.tier !== input.tier) {
    throw new ArmError(
      'InvalidSkuTier',
      400,
      `The size '${sku.name}' belongs to the tier ${sku.tier}, not ${input.tier}.`,
      {
        target: 'sku.tier',
      },
    );
  }
  return sku;
}

function requireVersion(version: string | null | undefined, { versions }: Offer): string {
  const newest = versions[0];
  if (newest === undefined) {
    throw new ArmError(
      'ServerVersionNotSupported',
      400,
      'No MySQL is installed on this machine yet, so no server can be created. Run the set-up (npm start) to fetch one.',
      { target: 'properties.version' },
    );
  }
  if (!version) return newest;
  if (versions.includes(version)) return version;
  throw new ArmError(
    'ServerVersionNotSupported',
    400,
    `MySQL ${version} is not offered here. Versions on this machine: ${versions.join(', ')}.`,
    { target: 'properties.version' },
  );
}

function requireRetention(days: number): number {
  const problem = retentionProblem(days);
  if (problem) throw invalidParameter('properties.backup.backupRetentionDays', problem);
  return days;
}

/** @throws {ArmError} InvalidTags 400. */
export function requireTags(tags: Record<string, string> | null | undefined): Record<string, string> {
  const problem = tagsProblem(tags ?? {});
  if (problem) throw new ArmError('InvalidTags', 400, problem, { target: 'tags' });
  return tags ?? {};
}
