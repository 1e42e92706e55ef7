import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/error.ts';
import type { ServerForCreate } from '../../arm/mysql/server.ts';
import { SERVER_TYPE, serverKeyOf } from '../../arm/resource-id.ts';
import { findRegion } from '../../rules/regions.ts';
import { readArchive } from '../backup/catalog.ts';
import { momentText, parseMoment } from '../backup/moment.ts';
import { DELETED_SERVER_MS } from '../backup/retention.ts';
import { planRestore, type RestorePlan } from '../backup/restore-plan.ts';
import { beginRestoreServer } from '../operations/begin-backup.ts';
import { notRestorable } from '../operations/restore-steps.ts';
import type { ResourceGroupRow } from '../store/resource-groups.ts';
import { findRestoreOf } from '../store/restores.ts';
import { seriesAt } from '../store/upgrades.ts';
import { findDeletedServer, findServer, type ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { invalidParameter } from './refusals.ts';
import { callerOf, offerOf, requireLastingGroup, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse } from './route.ts';
import { planNewServer } from './server-intent.ts';
import { intentOf, serverResourceId } from './server-shape.ts';
import { systemDataFor } from './system-data.ts';

const WHEN = 'properties.restorePointInTime';
const SOURCE = 'properties.sourceServerResourceId';
/** A clock that is a little ahead asks for no more than now. */
const AHEAD_US = 2_000_000;

/**
 * PUT of a new server with createMode PointInTimeRestore or GeoRestore: what the body does not say is as the source has
 * it; high availability is off unless it is asked for, as in Azure.
 */
export async function restoreServer(
  resources: Resources,
  request: ArmRequest,
  { group, name, body, geo }: { group: ResourceGroupRow; name: string; body: ServerForCreate; geo: boolean },
): Promise<ArmResponse> {
  const { control, hashPassword } = resources;
  const { clock, runtimes } = control.world;
  const source = requireSource(resources, request, body);
  const moment = requireMoment(body.properties?.restorePointInTime, clock.now());
  const { intent, password, location } = planRestoredServer(name, body, source, {
    geo,
    version: versionAt(resources, source, moment),
    offer: offerOf(resources),
  });
  requireRestorable(resources, source, { moment, geo });
  const authenticationHash = password === undefined ? undefined : await hashPassword(password);
  requireLastingGroup(resources, request);
  const caller = callerOf(request, 'PUT');
  const operation = beginRestoreServer(control, {
    key: { subscriptionId: group.subscriptionId, resourceGroup: group.name, serverName: name },
    location,
    intent: { ...intent, systemData: systemDataFor(caller, clock.now()) },
    runtimeId: runtimes.find(({ series }) => series === intent.properties.version)!.id,
    source,
    moment,
    geo,
    authenticationHash,
    apiVersion: request.apiVersion,
    caller,
  });
  return accepted(request, operation);
}

/**
 * A restore makes a new server. Sent once more for the one that it made (a template that is deployed again) it changes
 * what else the body says; on any other it would do nothing of what was asked for, and look as if it had.
 *
 * @throws {ArmError} ServerNameAlreadyExists 409.
 */
export function refuseRestoreOnto({ control }: Resources, { properties }: ServerForCreate, server: ServerRow): void {
  const { createMode, sourceServerResourceId, restorePointInTime } = properties ?? {};
  if (createMode !== 'PointInTimeRestore' && createMode !== 'GeoRestore') return;
  const made = findRestoreOf(control.world.database, server.id)?.restore;
  const asked = restorePointInTime ? parseMoment(restorePointInTime) : null;
  const isRepeated =
    made &&
    made.geo === (createMode === 'GeoRestore') &&
    made.asked === asked &&
    made.sourceResourceId.toLowerCase() === sourceServerResourceId?.toLowerCase();
  if (isRepeated) return;
  throw new ArmError(
    'ServerNameAlreadyExists',
    409,
    `The server name '${server.name}' is already used, and a restore makes a new server. Choose another name.`,
    { target: 'serverName' },
  );
}

/** The live server of that id, or the one that was deleted last and can still be restored. */
function requireSource({ control, authorizer }: Resources, request: ArmRequest, body: ServerForCreate): ServerRow {
  const id = body.properties?.sourceServerResourceId;
  if (!id) {
    throw new ArmError('MissingRequiredParameter', 400, `A restore needs a source server. Send '${SOURCE}'.`, {
      target: SOURCE,
    });
  }
  const key = serverKeyOf(id);
  if (!key) throw invalidParameter(SOURCE, `“${id}” is not the id of a server.`);
  const { database, clock } = control.world;
  const found =
    findServer(database, key) ?? findDeletedServer(database, key, { since: clock.now() - DELETED_SERVER_MS });
  if (!found || !authorizer.isAllowed(request.principal, `${SERVER_TYPE}/read`, serverResourceId(found))) {
    throw new ArmError(
      'SourceServerNotFound',
      404,
      `The source server '${key.serverName}' was not found, nor one that was deleted within the last 5 days.`,
      { target: SOURCE },
    );
  }
  return found;
}

/** @returns microseconds; null for the newest there is. */
export function requireMoment(text: string | null | undefined, now: number): number | null {
  if (!text) return null;
  const moment = parseMoment(text);
  if (moment === undefined) {
    throw new ArmError(
      'InvalidRestorePointInTime',
      400,
      `“${text}” is not a time. Send one like ${momentText(now * 1000)}, in UTC or with its zone.`,
      { target: WHEN },
    );
  }
  if (moment > now * 1000 + AHEAD_US) {
    throw new ArmError(
      'InvalidRestorePointInTime',
      400,
      `${momentText(moment)} is in the future. It is ${momentText(now * 1000)} now (UTC).`,
      { target: WHEN },
    );
  }
  return Math.min(moment, now * 1000);
}

/** @throws {ArmError} RestorePointNotAvailable 409, with the nearest moments that can be. */
export function requireRestorable(
  { control }: Pick<Resources, 'control'>,
  source: ServerRow,
  { moment, geo }: { moment: number | null; geo: boolean },
): RestorePlan {
  const { archives, clock } = control.world;
  const archive = readArchive(control.world, source.id, { geo });
  const isLive = source.deletedAt === null && !geo && archives.status(source.id)?.state === 'Archiving';
  // What was written a moment ago is archived by the time that the restore gets to it.
  const chains = archive.chains.map((chain) =>
    isLive && chain.endedAt === null
      ? { ...chain, coveredUntil: Math.max(chain.coveredUntil, clock.now() * 1000) }
      : chain,
  );
  const planning = planRestore({ ...archive, chains }, moment);
  if ('refused' in planning) {
    throw notRestorable(moment, planning.refused, {
      isLive: !geo && source.deletedAt === null && source.state === 'Ready',
    });
  }
  return planning.plan;
}

/**
 * The series that a server restored to that moment has: what its source had then, which takes an upgrade back. Where that
 * is not on this machine any more, the source's present one, which takes the older data over.
 */
function versionAt({ control }: Resources, source: ServerRow, moment: number | null): string {
  const { database, runtimes } = control.world;
  const current = intentOf(source).properties.version;
  const then = seriesAt(database, source.id, moment, current);
  return runtimes.some(({ series }) => series === then) ? then : current;
}

function planRestoredServer(
  name: string,
  body: ServerForCreate,
  source: ServerRow,
  { geo, version, offer }: { geo: boolean; version: string; offer: Parameters<typeof planNewServer>[2] },
) {
  const before = intentOf(source);
  const properties = body.properties ?? {};
  const home = findRegion(source.location)!;
  const wanted = findRegion(body.location);
  const allowed = geo ? home.paired : home.name;
  if (wanted && wanted.name !== allowed) {
    const how = geo
      ? 'A geo-restore makes a server in the paired location of its source'
      : 'A restore makes a server in the location of its source';
    throw new ArmError('InvalidResourceLocation', 400, `${how}: ${allowed}. “${body.location}” was asked for.`, {
      target: 'location',
    });
  }
  if (geo && before.properties.backup.geoRedundantBackup !== 'Enabled') {
    throw new ArmError(
      'GeoBackupNotEnabled',
      409,
      'The source server has no geo-redundant backup. Enable it first, or restore in the same location.',
      { target: 'properties.createMode' },
    );
  }
  const login = before.properties.administratorLogin;
  if (properties.administratorLogin && properties.administratorLogin !== login) {
    throw invalidParameter('properties.administratorLogin', `The admin comes from the source server: “${login}”.`);
  }
  if (properties.version && properties.version !== version) {
    throw invalidParameter(
      'properties.version',
      `A restored server has the version that its source had at that moment: ${version}.`,
    );
  }
  const sourceGiB = before.properties.storage.storageSizeGB;
  if ((properties.storage?.storageSizeGB ?? sourceGiB) < sourceGiB) {
    throw new ArmError(
      'StorageSizeCannotBeReduced',
      400,
      `A restored server needs at least the storage of its source: ${sourceGiB} GiB.`,
      { target: 'properties.storage.storageSizeGB' },
    );
  }
  const { storageSizeGB, autoGrow, autoIoScaling } = before.properties.storage;
  const given = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
  const planned = planNewServer(
    name,
    {
      ...body,
      tags: body.tags ?? before.tags,
      sku: body.sku ?? before.sku,
      properties: {
        ...given,
        createMode: 'Default',
        administratorLogin: login,
        // Never used: the source's password comes along in its data.
        administratorLoginPassword: properties.administratorLoginPassword ?? `Aa1-${randomUUID()}`,
        version,
        availabilityZone: properties.availabilityZone ?? (geo ? undefined : before.properties.availabilityZone),
        storage: { storageSizeGB, autoGrow, autoIoScaling, ...properties.storage },
        backup: { ...before.properties.backup, ...properties.backup },
        network: { ...before.properties.network, ...properties.network },
      },
    },
    offer,
  );
  return {
    intent: planned.intent,
    password: properties.administratorLoginPassword ? planned.password : undefined,
    location: planned.region.name,
  };
}
