import * as z from 'zod';

const EnableStatus = z.enum(['Enabled', 'Disabled']);

export const SystemData = z.looseObject({
  createdAt: z.string().optional(),
  createdBy: z.string().optional(),
  createdByType: z.string().optional(),
  lastModifiedAt: z.string().optional(),
  lastModifiedBy: z.string().optional(),
  lastModifiedByType: z.string().optional(),
});

/**
 * A server as ARM answers it (2024-12-30 and what later previews add). Loose: fields that are not known here are
 * kept, words that are not known here are accepted, since Azure adds both.
 */
export const Server = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string().optional(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  sku: z.looseObject({ name: z.string(), tier: z.string() }).optional(),
  systemData: SystemData.nullish(),
  properties: z.looseObject({
    administratorLogin: z.string().nullish(),
    version: z.string().nullish(),
    fullVersion: z.string().nullish(),
    availabilityZone: z.string().nullish(),
    replicationRole: z.string().nullish(),
    replicaCapacity: z.number().nullish(),
    state: z.string().nullish(),
    /** Why it is in that state, in words; the local control plane only. */
    stateReason: z.string().nullish(),
    fullyQualifiedDomainName: z.string().nullish(),
    databasePort: z.number().nullish(),
    storage: z
      .looseObject({
        storageSizeGB: z.number().nullish(),
        iops: z.number().nullish(),
        autoGrow: z.string().nullish(),
        logOnDisk: z.string().nullish(),
        storageSku: z.string().nullish(),
        autoIoScaling: z.string().nullish(),
        storageRedundancy: z.string().nullish(),
      })
      .nullish(),
    backup: z
      .looseObject({
        backupRetentionDays: z.number().nullish(),
        backupIntervalHours: z.number().nullish(),
        geoRedundantBackup: z.string().nullish(),
        earliestRestoreDate: z.string().nullish(),
      })
      .nullish(),
    highAvailability: z
      .looseObject({
        mode: z.string().nullish(),
        state: z.string().nullish(),
        standbyAvailabilityZone: z.string().nullish(),
      })
      .nullish(),
    network: z
      .looseObject({
        publicNetworkAccess: z.string().nullish(),
        delegatedSubnetResourceId: z.string().nullish(),
        privateDnsZoneResourceId: z.string().nullish(),
      })
      .nullish(),
    maintenanceWindow: z
      .looseObject({
        customWindow: z.string().nullish(),
        dayOfWeek: z.number().nullish(),
        startHour: z.number().nullish(),
        startMinute: z.number().nullish(),
        batchOfMaintenance: z.string().nullish(),
      })
      .nullish(),
    maintenancePolicy: z.looseObject({ patchStrategy: z.string().nullish() }).nullish(),
  }),
});
export type Server = z.infer<typeof Server>;

const Sku = z.strictObject({ name: z.string(), tier: z.enum(['Burstable', 'GeneralPurpose', 'MemoryOptimized']) });
const Tags = z.record(z.string(), z.string());
const Identity = z.object({
  type: z.enum(['UserAssigned', 'None']).optional(),
  userAssignedIdentities: z.record(z.string(), z.unknown()).optional(),
});

const StorageInput = z.object({
  storageSizeGB: z.int().optional(),
  iops: z.int().optional(),
  autoGrow: EnableStatus.optional(),
  logOnDisk: EnableStatus.optional(),
  autoIoScaling: EnableStatus.optional(),
  storageRedundancy: z.enum(['LocalRedundancy', 'ZoneRedundancy']).optional(),
});

const BackupInput = z.object({
  backupRetentionDays: z.int().optional(),
  backupIntervalHours: z.int().optional(),
  geoRedundantBackup: EnableStatus.optional(),
});

const HighAvailabilityInput = z.object({
  mode: z.enum(['Disabled', 'ZoneRedundant', 'SameZone']).optional(),
  standbyAvailabilityZone: z.string().optional(),
});

const NetworkInput = z.object({
  publicNetworkAccess: EnableStatus.optional(),
  delegatedSubnetResourceId: z.string().nullish(),
  privateDnsZoneResourceId: z.string().nullish(),
});

const MaintenanceWindowInput = z.object({
  customWindow: z.string().optional(),
  dayOfWeek: z.int().min(0).max(6).optional(),
  startHour: z.int().min(0).max(23).optional(),
  startMinute: z.int().min(0).max(59).optional(),
  batchOfMaintenance: z.enum(['Default', 'Batch1', 'Batch2']).optional(),
});

/** Azure's example opts out with `Default`, its type says `Regular`. */
const MaintenancePolicyInput = z.object({ patchStrategy: z.enum(['Regular', 'Default', 'VirtualCanary']).optional() });

/** What ARM's front door knows of every resource: a client may send back what it got. */
const FRAME = {
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  systemData: z.unknown().optional(),
};

/**
 * The body of `PUT …/flexibleServers/{serverName}`: types only; what values mean is checked by the control plane.
 * ARM's front door refuses unknown members at the top; unknown ones inside `properties` are ignored, as the service does.
 */
export const ServerForCreate = z.strictObject({
  ...FRAME,
  location: z.string().min(1),
  tags: Tags.nullish(),
  sku: Sku.nullish(),
  identity: Identity.nullish(),
  properties: z
    .object({
      administratorLogin: z.string().optional(),
      administratorLoginPassword: z.string().optional(),
      version: z.string().optional(),
      availabilityZone: z.string().nullish(),
      createMode: z
        .enum(['Default', 'Create', 'PointInTimeRestore', 'Replica', 'GeoRestore', 'Rename', 'Migrate'])
        .nullish(),
      sourceServerResourceId: z.string().nullish(),
      restorePointInTime: z.string().nullish(),
      replicationRole: z.enum(['None', 'Source', 'Replica']).nullish(),
      databasePort: z.int().nullish(),
      lowerCaseTableNames: z.int().nullish(),
      storage: StorageInput.nullish(),
      backup: BackupInput.nullish(),
      highAvailability: HighAvailabilityInput.nullish(),
      network: NetworkInput.nullish(),
      maintenanceWindow: MaintenanceWindowInput.nullish(),
      maintenancePolicy: MaintenancePolicyInput.nullish(),
      dataEncryption: z.looseObject({ type: z.string().optional() }).nullish(),
      importSourceProperties: z.looseObject({}).nullish(),
    })
    .nullish(),
});
export type ServerForCreate = z.infer<typeof ServerForCreate>;

/** The body of `PATCH …/flexibleServers/{serverName}`: what is absent stays as it is. */
export const ServerForUpdate = z.strictObject({
  ...FRAME,
  /** It stays; another one is refused. */
  location: z.string().optional(),
  tags: Tags.nullish(),
  sku: Sku.nullish(),
  identity: Identity.nullish(),
  properties: z
    .object({
      administratorLoginPassword: z.string().optional(),
      version: z.string().nullish(),
      storage: StorageInput.nullish(),
      backup: BackupInput.nullish(),
      highAvailability: HighAvailabilityInput.nullish(),
      network: NetworkInput.nullish(),
      maintenanceWindow: MaintenanceWindowInput.nullish(),
      maintenancePolicy: MaintenancePolicyInput.nullish(),
      replicationRole: z.enum(['None', 'Source', 'Replica']).nullish(),
      dataEncryption: z.looseObject({ type: z.string().optional() }).nullish(),
    })
    .nullish(),
});
export type ServerForUpdate = z.infer<typeof ServerForUpdate>;

export const ServerRestartParameter = z.object({
  restartWithFailover: EnableStatus.optional(),
  /** 0: as long as it takes. */
  maxFailoverSeconds: z.int().min(0).max(3600).optional(),
});
export type ServerRestartParameter = z.infer<typeof ServerRestartParameter>;
