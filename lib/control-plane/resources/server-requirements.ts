import { ArmError } from '../../arm/error.ts';
import type { ServerForCreate } from '../../arm/mysql/server.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { compareBuilds } from '../../rules/maintenance.ts';
import { administratorLoginProblem, passwordProblem, tagsProblem } from '../../rules/names.ts';
import { findRegion, type Region } from '../../rules/regions.ts';
import { DEFAULT_SKU, findSku, type Sku } from '../../rules/skus.ts';
import { backupIntervalProblem, retentionProblem } from '../../rules/storage.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import { invalidParameter } from './refusals.ts';

/** What each part of a server must be: every function gives back what was asked for, or throws ARM's refusal. */

/** What a location of this machine has to offer. */
export interface Offer {
  /** Series of the MySQL runtimes present, newest first: `['9.7']`. */
  versions: readonly string[];
}

export function requireAdministrator(properties: NonNullable<ServerForCreate['properties']>): {
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

export function requirePassword(password: string, login: string): void {
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

export function requireZone(zone: string, region: Region): void {
  if (region.zones.includes(zone)) return;
  throw new ArmError(
    'InvalidAvailabilityZone',
    400,
    `The availability zone '${zone}' is not there in ${region.displayName}. Its zones are ${region.zones.join(', ')}.`,
    { target: 'properties.availabilityZone' },
  );
}

export function requireSku(input: ServerForCreate['sku']): Sku {
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

export function requireVersion(version: string | null | undefined, { versions }: Offer): string {
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
    `MySQL ${version} is not offered here. Versions on this machine: ${versions.join(', ')}. Another one comes with “npm run mysql -- <folder>”.`,
    { target: 'properties.version' },
  );
}

/** The newest of that series. @throws {ArmError} ServerVersionNotSupported 400. */
export function requireRuntime(version: string, runtimes: readonly MysqlRuntime[]): MysqlRuntime {
  const found = runtimes
    .filter(({ series }) => series === version)
    .toSorted(compareBuilds)
    .at(-1);
  if (found) return found;
  throw new ArmError('ServerVersionNotSupported', 400, `MySQL ${version} is not on this machine any more.`, {
    target: 'properties.version',
  });
}

export function requireRetention(days: number): number {
  const problem = retentionProblem(days);
  if (problem) throw invalidParameter('properties.backup.backupRetentionDays', problem);
  return days;
}

export function requireBackupInterval(hours: number): number {
  const problem = backupIntervalProblem(hours);
  if (problem) throw invalidParameter('properties.backup.backupIntervalHours', problem);
  return hours;
}

/** @throws {ArmError} InvalidTags 400. */
export function requireTags(tags: Record<string, string> | null | undefined): Record<string, string> {
  const problem = tagsProblem(tags ?? {});
  if (problem) throw new ArmError('InvalidTags', 400, problem, { target: 'tags' });
  return tags ?? {};
}
