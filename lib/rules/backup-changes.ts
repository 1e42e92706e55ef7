import { DELETE_BACKUP_API_VERSION, MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import type { RecoverTablesRequest } from '../arm/local/backup.ts';
import type { ServerForCreate } from '../arm/mysql/server.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import { azServer as az, shellWord } from './az-command.ts';
import type { ChangeDescription } from './change-description.ts';
import { highAvailabilityModeWords } from './high-availability.ts';
import { momentInUtc } from './moments.ts';
import { findRegion } from './regions.ts';

const NAME = /^[-\w.]{1,128}$/;

/** Why a full backup can't be called that. @param taken names of the server's backups. */
export function backupNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!NAME.test(name)) return 'Use 1 to 128 letters, digits, “-”, “_” and “.”.';
  const lower = name.toLowerCase();
  return taken.some((other) => other.toLowerCase() === lower) ? 'There is a backup of that name already.' : undefined;
}

const backup = (key: ServerKey, name: string) => `${serverId(key)}/backupsV2/${name}`;

export function describeBackUp(key: ServerKey, name: string): ChangeDescription {
  return {
    resourceId: backup(key, name),
    apiVersion: MYSQL_API_VERSION,
    method: 'PUT',
    body: {},
    azCommand: az(key, 'backup create', [`--backup-name ${shellWord(name)}`]),
    changes: [{ label: 'Full backup', from: null, to: name }],
  };
}

export function describeDeleteBackup(key: ServerKey, name: string): ChangeDescription {
  return {
    resourceId: backup(key, name),
    apiVersion: DELETE_BACKUP_API_VERSION,
    method: 'DELETE',
    azCommand: az(key, 'backup delete', [`--backup-name ${shellWord(name)}`, '--yes']),
    changes: [{ label: 'Full backup', from: name, to: 'deleted' }],
  };
}

export function describeVerifyBackup(key: ServerKey): ChangeDescription {
  return localAction(key, 'verifyBackup', []);
}

/** Breaks off the making of a restored server. */
export function describeCancelRestore(key: ServerKey): ChangeDescription {
  return localAction(key, 'cancelRestore', [{ label: 'Server', from: key.serverName, to: 'removed' }]);
}

/** What Azure has no command for. */
function localAction(key: ServerKey, action: string, changes: ChangeDescription['changes']): ChangeDescription {
  const url = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/${action}?api-version=${FLEXDECK_LOCAL_VERSION}`;
  return {
    resourceId: `${serverId(key)}/providers/${FLEXDECK_LOCAL}`,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'POST',
    action,
    azCommand: `az rest --method post \\\n  --url '${url}'`,
    changes,
  };
}

/** What may be chosen of how a server is backed up. */
export interface BackupSettingsChoice {
  backupRetentionDays: number;
  backupIntervalHours: number;
  geoRedundantBackup: 'Enabled' | 'Disabled';
}

export function describeBackupSettings(
  key: ServerKey,
  from: BackupSettingsChoice,
  to: BackupSettingsChoice,
  cost?: ChangeDescription['cost'],
): ChangeDescription | undefined {
  const body: Partial<BackupSettingsChoice> = {};
  const changes: ChangeDescription['changes'] = [];
  const options: string[] = [];
  if (to.backupRetentionDays !== from.backupRetentionDays) {
    body.backupRetentionDays = to.backupRetentionDays;
    changes.push({ label: 'Retention', from: days(from.backupRetentionDays), to: days(to.backupRetentionDays) });
    options.push(`--backup-retention ${to.backupRetentionDays}`);
  }
  if (to.backupIntervalHours !== from.backupIntervalHours) {
    body.backupIntervalHours = to.backupIntervalHours;
    const hours = (value: number) => `every ${value} hours`;
    changes.push({ label: 'Full backup', from: hours(from.backupIntervalHours), to: hours(to.backupIntervalHours) });
    options.push(`--backup-interval ${to.backupIntervalHours}`);
  }
  if (to.geoRedundantBackup !== from.geoRedundantBackup) {
    body.geoRedundantBackup = to.geoRedundantBackup;
    changes.push({ label: 'Geo-redundancy', from: from.geoRedundantBackup, to: to.geoRedundantBackup });
    options.push(`--geo-redundant-backup ${to.geoRedundantBackup}`);
  }
  if (changes.length === 0) return undefined;
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'PATCH',
    body: { properties: { backup: body } },
    azCommand: az(key, 'update', options),
    changes,
    ...(cost && { cost }),
  };
}

const days = (value: number) => (value === 1 ? '1 day' : `${value} days`);

/** What a restored server is to be; what is not chosen is as the source has it. */
export interface RestoreChoice {
  name: string;
  /** Id of the server whose backups are restored; it may be deleted. */
  sourceId: string;
  /** undefined: the newest moment. */
  moment: string | undefined;
  location: string;
  /** From the second copies, in the location that is the source's pair; always the newest moment. */
  geo: boolean;
  sku: { name: string; tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized' };
  storageSizeGB: number;
  /** undefined: chosen by the service. */
  availabilityZone?: string | undefined;
  highAvailability: 'Disabled' | 'SameZone' | 'ZoneRedundant';
}

export function restoreBody(choice: RestoreChoice): ServerForCreate {
  const { sourceId, moment, location, geo, sku, storageSizeGB, availabilityZone, highAvailability } = choice;
  return {
    location,
    sku,
    properties: {
      createMode: geo ? 'GeoRestore' : 'PointInTimeRestore',
      sourceServerResourceId: sourceId,
      ...(moment && !geo && { restorePointInTime: moment }),
      ...(availabilityZone && { availabilityZone }),
      storage: { storageSizeGB },
      ...(highAvailability !== 'Disabled' && { highAvailability: { mode: highAvailability } }),
    },
  };
}

/** @param key the new server's. */
export function describeRestore(
  key: ServerKey,
  choice: RestoreChoice,
  source: { name: string; location: string; sku: string; storageSizeGB: number },
  monthlyCost: number | undefined,
): ChangeDescription {
  const { moment, location, geo, sku, storageSizeGB, availabilityZone, highAvailability } = choice;
  const newest = geo ? 'the newest that was copied there' : 'the newest';
  const options = [
    `--source-server ${shellWord(choice.sourceId)}`,
    ...(geo ? [`--location ${location}`] : []),
    ...(moment && !geo ? [`--restore-time ${moment}`] : []),
    `--sku-name ${sku.name}`,
    `--tier ${sku.tier}`,
    `--storage-size ${storageSizeGB}`,
    ...(availabilityZone ? [`--zone ${availabilityZone}`] : []),
  ];
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'PUT',
    body: restoreBody(choice) as Record<string, unknown>,
    azCommand: az(key, geo ? 'geo-restore' : 'restore', options),
    changes: [
      { label: 'New server', from: null, to: key.serverName },
      { label: 'Restored from', from: null, to: source.name },
      { label: 'Moment', from: null, to: moment && !geo ? momentInUtc(moment) : newest },
      ...(geo ? [{ label: 'Region', from: source.location, to: findRegion(location)?.displayName ?? location }] : []),
      ...(sku.name === source.sku ? [] : [{ label: 'Size', from: source.sku, to: sku.name }]),
      ...(storageSizeGB === source.storageSizeGB
        ? []
        : [{ label: 'Storage', from: `${source.storageSizeGB} GiB`, to: `${storageSizeGB} GiB` }]),
      ...(highAvailability === 'Disabled'
        ? []
        : [{ label: 'High availability', from: null, to: highAvailabilityModeWords(highAvailability) }]),
    ],
    ...(monthlyCost !== undefined && { cost: { from: null, to: monthlyCost } }),
  };
}

/** @param key the server that tables are copied to. */
export function describeRecoverTables(key: ServerKey, request: RecoverTablesRequest): ChangeDescription {
  const body = { ...request };
  const url = `${serverId(key)}/providers/${FLEXDECK_LOCAL}/recoverTables`;
  return {
    resourceId: `${serverId(key)}/providers/${FLEXDECK_LOCAL}`,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'POST',
    action: 'recoverTables',
    body,
    azCommand: [
      'az rest --method post',
      `--url '${url}?api-version=${FLEXDECK_LOCAL_VERSION}'`,
      `--body ${shellWord(JSON.stringify(body))}`,
    ].join(' \\\n  '),
    changes: request.tables.map(({ database, table, toDatabase = database, toTable = table }) => ({
      label: `${toDatabase}.${toTable}`,
      from: request.overwrite ? 'what is there now, if anything' : null,
      to: `a copy of ${database}.${table} of the restored server`,
    })),
  };
}
