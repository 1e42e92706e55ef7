import { isDeepStrictEqual } from 'node:util';
import { ArmError } from '../../arm/error.ts';
import type { ServerForCreate, ServerForUpdate } from '../../arm/mysql/server.ts';
import { serverNameProblem } from '../../rules/names.ts';
import type { ServerRow } from '../store/servers.ts';
import { findRegion, type Region } from '../../rules/regions.ts';
import { findSku, type Sku, type Tier } from '../../rules/skus.ts';
import { compareSeries, upgradeProblem } from '../../rules/upgrades.ts';
import { includedIops, iopsProblem, storageProblem } from '../../rules/storage.ts';
import {
  type MaintenanceWindow,
  isDefaultWindow,
  NO_WINDOW,
  planWindow,
  refuseWindowWithOthers,
} from './maintenance-window.ts';
import { planHighAvailability, type HighAvailability } from './high-availability-intent.ts';
import { cannotChange, invalidParameter, notOffered } from './refusals.ts';
import { refuseWhatIsNotOffered } from './server-not-offered.ts';
import {
  requireAdministrator,
  requireBackupInterval,
  requirePassword,
  requireRegion,
  requireRetention,
  requireSku,
  requireTags,
  requireVersion,
  requireZone,
  type Offer,
} from './server-requirements.ts';

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
    backup: Backup;
    network: { publicNetworkAccess: EnableStatus };
    highAvailability: HighAvailability;
    maintenanceWindow: MaintenanceWindow;
    maintenancePolicy: { patchStrategy: 'Regular' | 'VirtualCanary' };
  };
}

export interface Backup {
  backupRetentionDays: number;
  backupIntervalHours: number;
  geoRedundantBackup: EnableStatus;
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
  const availabilityZone = zone || region.zones[0]!;
  const intent: CompleteIntent = {
    tags: requireTags(body.tags),
    sku: { name: sku.name, tier: sku.tier },
    properties: {
      administratorLogin: login,
      version: requireVersion(properties.version, offer),
      availabilityZone,
      replicationRole: 'None',
      lowerCaseTableNames: 1,
      storage,
      backup: planBackup(properties.backup ?? {}),
      network: { publicNetworkAccess: properties.network?.publicNetworkAccess ?? 'Enabled' },
      highAvailability: planHighAvailability(properties.highAvailability, {
        sku,
        storage,
        availabilityZone,
        region,
        before: undefined,
      }),
      maintenanceWindow: { ...NO_WINDOW, batchOfMaintenance: 'Default' },
      maintenancePolicy: { patchStrategy: patchStrategy(properties.maintenancePolicy) ?? 'Regular' },
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
  body: ServerForCreate | Omit<ServerForUpdate, 'location'>,
  offer: Offer,
): ServerPlan {
  const before = existing.intent;
  const put = 'location' in body ? body : undefined;
  const properties = body.properties ?? {};
  refuseWhatIsNotOffered(body);
  if (put) refuseChangesOfWhatStays(existing, put);
  refuseWindowWithOthers(body, before.properties.maintenanceWindow);

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
  const version = planVersion(properties.version, before, sku, offer);
  const password = properties.administratorLoginPassword || undefined;
  if (password) requirePassword(password, before.properties.administratorLogin);
  const window = properties.maintenanceWindow;
  const intent: CompleteIntent = {
    tags: body.tags ? requireTags(body.tags) : put ? {} : before.tags,
    sku: { name: sku.name, tier: sku.tier },
    properties: {
      ...before.properties,
      version,
      storage,
      backup: planBackup(properties.backup ?? {}, before.properties.backup),
      highAvailability: planHighAvailability(properties.highAvailability, {
        sku,
        storage,
        availabilityZone: before.properties.availabilityZone,
        region: findRegion(existing.location)!,
        before: before.properties.highAvailability,
      }),
      network: {
        publicNetworkAccess: properties.network?.publicNetworkAccess ?? before.properties.network.publicNetworkAccess,
      },
      maintenanceWindow: window
        ? planWindow(window, before.properties.maintenanceWindow)
        : before.properties.maintenanceWindow,
      maintenancePolicy: {
        patchStrategy: patchStrategy(properties.maintenancePolicy) ?? before.properties.maintenancePolicy.patchStrategy,
      },
    },
  };
  if (version !== before.properties.version) refuseUpgradeWithOthers(before, intent);
  return { intent, password };
}

/** @throws {ArmError} InvalidResourceLocation 409, in ARM's words. */
export function refuseOtherLocation(
  { name, resourceGroup, location }: Pick<ServerRow, 'name' | 'resourceGroup' | 'location'>,
  asked: string,
): void {
  if (requireRegion(asked).name === findRegion(location)?.name) return;
  throw new ArmError(
    'InvalidResourceLocation',
    409,
    `The resource '${name}' already exists in location '${location}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
    { target: 'location' },
  );
}

function refuseChangesOfWhatStays(existing: ExistingServer, body: ServerForCreate): void {
  const { properties: before } = existing.intent;
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
  // After a failover the two zones have changed places: a template that was right at first stays right.
  if (zone && zone !== before.availabilityZone && zone !== before.highAvailability.standbyAvailabilityZone) {
    throw cannotChange(
      'properties.availabilityZone',
      `The availability zone cannot be changed after the server was created. It is ${before.availabilityZone}.`,
    );
  }
}

/**
 * The series that the server is to have.
 *
 * @throws {ArmError} when it cannot go there: to an older one, past one, or to one that is not on this machine.
 */
function planVersion(wanted: string | null | undefined, before: CompleteIntent, sku: Sku, offer: Offer): string {
  const { version: from } = before.properties;
  if (!wanted || wanted === from) return from;
  // One that is not there could be had, one that is older never: that is said first.
  if (compareSeries(wanted, from) > 0) requireVersion(wanted, offer);
  const problem = upgradeProblem({ from, to: wanted, tier: sku.tier });
  if (problem) throw cannotChange('properties.version', problem);
  return wanted;
}

/** An upgrade has a way back, which other changes beside it would not go. Tags are no matter. */
function refuseUpgradeWithOthers(before: CompleteIntent, after: CompleteIntent): void {
  const rest = ({ sku, properties: { version: _, ...properties } }: CompleteIntent) => ({ sku, properties });
  if (isDeepStrictEqual(rest(before), rest(after))) return;
  throw cannotChange(
    'properties.version',
    'The version cannot be changed together with other properties. Send it in an update of its own.',
  );
}

/** Undefined where it is not said. `Default` is an example's word for `Regular`. */
function patchStrategy(
  policy: NonNullable<ServerForUpdate['properties']>['maintenancePolicy'],
): 'Regular' | 'VirtualCanary' | undefined {
  return policy?.patchStrategy === 'Default' ? 'Regular' : policy?.patchStrategy;
}

function planBackup(input: NonNullable<NonNullable<ServerForUpdate['properties']>['backup']>, before?: Backup): Backup {
  const { backupRetentionDays, backupIntervalHours, geoRedundantBackup } = input;
  return {
    backupRetentionDays: requireRetention(backupRetentionDays ?? before?.backupRetentionDays ?? 7),
    backupIntervalHours: requireBackupInterval(backupIntervalHours ?? before?.backupIntervalHours ?? 24),
    geoRedundantBackup: geoRedundantBackup ?? before?.geoRedundantBackup ?? 'Disabled',
  };
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
