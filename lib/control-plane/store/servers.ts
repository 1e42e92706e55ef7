import { ArmError } from '../../arm/error.ts';
import type { ServerKey } from '../../arm/resource-id.ts';
import type { ServerState } from '../../rules/server-actions.ts';
import type { RestingEvent } from '../mysql/events.ts';
import type { Database } from './database.ts';

/**
 * What ARM was told, in its newest shape with every default filled in. No secret in it. Members that the control plane
 * does not act on itself are kept as they came.
 */
export interface ServerIntent {
  tags: Record<string, string>;
  sku: { name: string; tier: string };
  identity?: unknown;
  /** ARM's `systemData`: who made and who last changed it. */
  systemData?: Record<string, unknown>;
  properties: {
    administratorLogin: string;
    /** A series that `capabilities` offers: `9.7`. */
    version: string;
    availabilityZone: string;
    storage: { storageSizeGB: number; [member: string]: unknown };
    [member: string]: unknown;
  };
}

/** Of ARM's `highAvailability.state`, and `Resting`: both sides are complete and stopped with the server. */
export type HaState = 'NotEnabled' | 'CreatingStandby' | 'Healthy' | 'FailingOver' | 'RemovingStandby' | 'Resting';

export interface ServerRow {
  /** Immutable, a GUID; not the ARM id. */
  id: string;
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  /** Short form: `westeurope`. */
  location: string;
  intent: ServerIntent;
  state: ServerState;
  /** Why it is in that state, a sentence for people. */
  stateReason: string | null;
  /** System variables that a person set: what mysqld gets over the size's own values. */
  overrides: Record<string, string>;
  /** Names of overrides that mysqld takes at its next start only. */
  pendingRestart: string[];
  /** `127.83.x.y`, its own for life: `fullyQualifiedDomainName`. */
  address: string;
  /** `databasePort`; null until the create operation has found a free one. */
  port: number | null;
  /**
   * What the gateway does for it: nothing yet, tell clients why it is closed, let them through; `held`: new ones wait and
   * what those inside say next waits too; `switching`: those inside are cut and all wait.
   */
  front: 'none' | 'closed' | 'open' | 'held' | 'switching';
  epoch: number;
  haState: HaState;
  /** Why it is in that state, a sentence for people. */
  haReason: string | null;
  haSince: number | null;
  /** Where the gateway lets standbys through to the primary; null until one was first wanted. */
  replicationPort: number | null;
  /** Events of the primary that are not enabled, as last seen: for whoever takes over from a dead one. */
  restingEvents: RestingEvent[];
  /** Rises with each change of anything here or of its firewall rules: for ETags. */
  revision: number;
  createdAt: number;
  /** 1: it takes no writes, because its storage is almost full. */
  storageFull: 0 | 1;
  /** Null unless it is stopped. */
  stoppedAt: number | null;
  deletedAt: number | null;
}

const COLUMNS = `id, subscription_id AS subscriptionId, resource_group AS resourceGroup, name, location, intent, state,
  state_reason AS stateReason, overrides, pending_restart AS pendingRestart, address, port, front, epoch,
  ha_state AS haState, ha_reason AS haReason, ha_since AS haSince, replication_port AS replicationPort,
  resting_events AS restingEvents, revision, created_at AS createdAt, stopped_at AS stoppedAt,
  storage_full AS storageFull, deleted_at AS deletedAt`;

function parse(row: unknown): ServerRow {
  const found = row as Omit<ServerRow, 'intent' | 'overrides' | 'pendingRestart' | 'restingEvents'> & {
    intent: string;
    overrides: string;
    pendingRestart: string;
    restingEvents: string;
  };
  return {
    ...found,
    intent: JSON.parse(found.intent),
    overrides: JSON.parse(found.overrides),
    pendingRestart: JSON.parse(found.pendingRestart),
    restingEvents: JSON.parse(found.restingEvents),
  };
}

/** The live server of that ARM id, without regard to case. */
export function findServer(database: Database, key: ServerKey): ServerRow | undefined {
  const row = database
    .prepare(
      `SELECT ${COLUMNS} FROM servers
       WHERE subscription_id = ? AND resource_group = ? AND name = ? AND deleted_at IS NULL`,
    )
    .get(key.subscriptionId, key.resourceGroup, key.serverName);
  return row && parse(row);
}

/** Server names are unique in all of a home, as they are in all of Azure. */
export function findServerByName(database: Database, name: string): ServerRow | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM servers WHERE name = ? AND deleted_at IS NULL`).get(name);
  return row && parse(row);
}

/** The one of that ARM id that was deleted last, `since` or later. */
export function findDeletedServer(
  database: Database,
  key: ServerKey,
  { since }: { since: number },
): ServerRow | undefined {
  const row = database
    .prepare(
      `SELECT ${COLUMNS} FROM servers
       WHERE subscription_id = ? AND resource_group = ? AND name = ? AND deleted_at >= ?
         AND id IN (SELECT server_id FROM full_backups)
       ORDER BY deleted_at DESC LIMIT 1`,
    )
    .get(key.subscriptionId, key.resourceGroup, key.serverName, since);
  return row && parse(row);
}

/** By its internal id, tombstones included. */
export function readServer(database: Database, id: string): ServerRow {
  const row = database.prepare(`SELECT ${COLUMNS} FROM servers WHERE id = ?`).get(id);
  if (!row) throw new Error(`There is no server ${id}.`);
  return parse(row);
}

/** Live servers: of a subscription, of one group in it, or of the whole home; by name. */
export function listServers(
  database: Database,
  within: { subscriptionId?: string; resourceGroup?: string } = {},
): ServerRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM servers
       WHERE deleted_at IS NULL AND subscription_id = ifnull(?, subscription_id) AND resource_group = ifnull(?, resource_group)
       ORDER BY name, id`,
    )
    .all(within.subscriptionId ?? null, within.resourceGroup ?? null)
    .map(parse);
}

/** Live servers that have, or are getting, a standby. */
export function listHighlyAvailableServers(database: Database): ServerRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM servers WHERE deleted_at IS NULL AND ha_state <> 'NotEnabled' ORDER BY name, id`)
    .all()
    .map(parse);
}

/** Servers that have backups, deleted ones among them. */
export function listBackedUpServers(database: Database): ServerRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM servers
       WHERE id IN (SELECT server_id FROM full_backups UNION SELECT server_id FROM log_chains) ORDER BY name, id`,
    )
    .all()
    .map(parse);
}

/**
 * Makes a server's row with an address of its own; the caller has checked that the name is free.
 *
 * @param block the home's part of the loopback network, `127.83.x`.
 * @throws {ArmError} 409 QuotaExceeded when all 254 addresses of the block are in use.
 */
export function insertServer(
  database: Database,
  server: Pick<ServerRow, 'id' | 'subscriptionId' | 'resourceGroup' | 'name' | 'location' | 'intent' | 'state'>,
  { block, now }: { block: string; now: number },
): ServerRow {
  database
    .prepare(
      `INSERT INTO servers (id, subscription_id, resource_group, name, location, intent, state, overrides,
         pending_restart, address, port, front, epoch, ha_state, revision, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, '{}', '[]', ?, NULL, 'none', 1, 'NotEnabled', 1, ?)`,
    )
    .run(
      server.id,
      server.subscriptionId,
      server.resourceGroup,
      server.name,
      server.location,
      JSON.stringify(server.intent),
      server.state,
      freeAddress(database, block),
      now,
    );
  return readServer(database, server.id);
}

/** One that no server ever had; when there is none left, the one that has been free for longest. */
function freeAddress(database: Database, block: string): string {
  const used = database
    .prepare('SELECT address, max(ifnull(deleted_at, 9e15)) AS until FROM servers GROUP BY address')
    .all() as { address: string; until: number }[];
  const until = new Map(used.map((row) => [row.address, row.until]));
  let best: string | undefined;
  for (let host = 1; host <= 254; host++) {
    const address = `${block}.${host}`;
    const freeSince = until.get(address);
    if (freeSince === undefined) return address;
    if (freeSince < 9e15 && (best === undefined || freeSince < until.get(best)!)) best = address;
  }
  if (!best) {
    throw new ArmError(
      'QuotaExceeded',
      409,
      'All 254 server addresses of this home are in use. Delete a server first.',
    );
  }
  return best;
}

/**
 * Gives live servers that have an address of another block one of this, where they can with the same last number.
 *
 * @returns what they were and are.
 */
export function moveServers(database: Database, block: string): { server: ServerRow; from: string }[] {
  const strays = listServers(database).filter(({ address }) => !address.startsWith(`${block}.`));
  return strays.map(({ id, address: from }) => {
    const wanted = `${block}.${from.split('.').at(-1)}`;
    const taken = database.prepare('SELECT 1 FROM servers WHERE address = ? AND deleted_at IS NULL').get(wanted);
    const address = taken ? freeAddress(database, block) : wanted;
    database.prepare('UPDATE servers SET address = ?, revision = revision + 1 WHERE id = ?').run(address, id);
    return { server: readServer(database, id), from };
  });
}

export type ServerChange = Partial<
  Pick<
    ServerRow,
    | 'intent'
    | 'state'
    | 'stateReason'
    | 'overrides'
    | 'pendingRestart'
    | 'port'
    | 'front'
    | 'epoch'
    | 'haState'
    | 'haReason'
    | 'haSince'
    | 'replicationPort'
    | 'stoppedAt'
    | 'storageFull'
    | 'deletedAt'
  >
>;

const CHANGEABLE: Record<keyof ServerChange, string> = {
  intent: 'intent',
  state: 'state',
  stateReason: 'state_reason',
  overrides: 'overrides',
  pendingRestart: 'pending_restart',
  port: 'port',
  front: 'front',
  epoch: 'epoch',
  haState: 'ha_state',
  haReason: 'ha_reason',
  haSince: 'ha_since',
  replicationPort: 'replication_port',
  stoppedAt: 'stopped_at',
  storageFull: 'storage_full',
  deletedAt: 'deleted_at',
};

/** Changes what is given and raises the revision; with nothing given the revision alone. `deletedAt` makes it a tombstone. */
export function updateServer(database: Database, id: string, change: ServerChange): void {
  const assignments: string[] = [];
  const values: (string | number | null)[] = [];
  for (const [member, column] of Object.entries(CHANGEABLE)) {
    const value = change[member as keyof ServerChange];
    if (value === undefined) continue;
    assignments.push(`${column} = ?, `);
    values.push(typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  }
  database.prepare(`UPDATE servers SET ${assignments.join('')}revision = revision + 1 WHERE id = ?`).run(...values, id);
}

/** Not a change that anybody sees: the revision stays. */
export function setRestingEvents(database: Database, id: string, events: readonly RestingEvent[]): void {
  database.prepare('UPDATE servers SET resting_events = ? WHERE id = ?').run(JSON.stringify(events), id);
}
