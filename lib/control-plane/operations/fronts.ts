import { findSku } from '../../rules/skus.ts';
import type { ApplyResult, FrontStatus, GatewayTableInput } from '../gateway/protocol.ts';
import type { HomePaths } from '../home.ts';
import { instancePaths } from '../mysql/instance.ts';
import { mysqldUser } from '../mysql/user.ts';
import type { Database } from '../store/database.ts';
import { listRehearsalsWithTraces } from '../store/failover-rehearsals.ts';
import { listAllFirewallRules, type FirewallRuleRow } from '../store/firewall-rules.ts';
import { listPrimaries } from '../store/instances.ts';
import { listServers, type ServerRow } from '../store/servers.ts';

/** The gateway, as operations and reconcilers see it. */
export interface Fronts {
  /**
   * Tells the gateway all that it is to do by now. Resolves when it is in force; two calls never cross.
   *
   * @throws {Error} when the gateway cannot be reached.
   */
  push(): Promise<FrontStatus[]>;
}

/** @param apply sends a table to a gateway that runs, starting one where there is none. */
export function createFronts(
  { database, paths, epoch }: { database: Database; paths: HomePaths; epoch: number },
  apply: (table: GatewayTableInput) => Promise<ApplyResult>,
): Fronts & { isInForce(found: { version: number; epoch: number }): boolean } {
  let version = 0;
  let sent = '';
  let last: Promise<unknown> = Promise.resolve();
  return {
    /** Whether a gateway that has this table does what the store says by now. */
    isInForce(found) {
      const wanted = gatewayTable(database, paths, { version, epoch });
      return found.epoch === epoch && found.version === version && JSON.stringify(wanted.fronts) === sent;
    },
    push() {
      const turn = last.then(async () => {
        // Read at the moment of sending, so that the last table sent is the newest.
        version += 1;
        const table = gatewayTable(database, paths, { version, epoch });
        const result = await apply(table);
        sent = JSON.stringify(table.fronts);
        if (!result.applied) throw new Error('Another control plane has the gateway.');
        return result.fronts;
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}

/** The last part of the address that writers of rehearsals come from: no server ever gets it. */
export const WRITER_HOST = 255;

type FrontInput = GatewayTableInput['fronts'][number];

/** All that the gateway is to do, from what the store says. */
export function gatewayTable(
  database: Database,
  paths: HomePaths,
  { version, epoch }: { version: number; epoch: number },
): GatewayTableInput {
  const primaries = listPrimaries(database);
  const rules = listAllFirewallRules(database);
  const rehearsed = new Set(listRehearsalsWithTraces(database).map(({ serverId }) => serverId));
  return {
    version,
    epoch,
    fronts: listServers(database).flatMap((server) => {
      const primary = primaries.get(server.id);
      if (server.port === null || !primary) return [];
      const { mysqlServerId, id } = primary;
      const { socket } = instancePaths({
        id,
        mysqlServerId,
        folder: paths.instanceFolder(id),
        runFolder: paths.runFolder,
      });
      const { address, port, epoch, front, replicationPort, haState } = server;
      const isLed = front === 'open' || front === 'held';
      const clients: FrontInput = {
        serverId: server.id,
        address,
        port,
        backend: isLed ? socket : null,
        ...(isLed ? {} : { closedReason: closedReason(server) }),
        hold: front === 'held' || front === 'switching',
        rules: [
          ...(admits(server) ? (rules.get(server.id) ?? []).map(frontRule) : []),
          ...(rehearsed.has(server.id) ? [rehearsalRule(address)] : []),
        ],
        epoch,
        requireSecureTransport: server.overrides.require_secure_transport?.toUpperCase() !== 'OFF',
        maxSessions: maxSessions(server),
      };
      const wanted = front === 'none' ? [] : [clients];
      if (replicationPort === null || haState === 'NotEnabled' || server.state === 'Dropping') return wanted;
      // Standbys are mysqlds of this home, and nobody else runs programs as their user.
      const standbys: FrontInput = {
        serverId: server.id,
        address,
        port: replicationPort,
        backend: socket,
        rules: [],
        admitUser: mysqldUser()?.uid ?? process.getuid?.() ?? 0,
        epoch,
      };
      return [...wanted, standbys];
    }),
  };
}

function frontRule({ name, startIpAddress, endIpAddress }: FirewallRuleRow) {
  return { name, startIp: startIpAddress, endIp: endIpAddress };
}

/** Writers of a rehearsal come from the last address of the home's block, whatever else is let in. */
function rehearsalRule(address: string) {
  const from = address.replace(/\d+$/, String(WRITER_HOST));
  return { name: 'flexdeck-rehearsal', startIp: from, endIp: from };
}

/** Of the server's `max_connections`, for its standby, its log archive, what watches it, and what changes it. */
const OWN_CONNECTIONS = 10;

/** Clients that come again and again would otherwise keep these away: nobody could start it, nor let its standby rejoin. */
function maxSessions({ overrides, intent }: ServerRow): number {
  const connections = Number(overrides.max_connections ?? findSku(intent.sku.name)!.maxConnections.default);
  return Math.max(connections - OWN_CONNECTIONS, Math.ceil(connections / 2));
}

/** With public access off no rule lets anybody in, as in Azure. */
function admits(server: ServerRow): boolean {
  const network = server.intent.properties.network as { publicNetworkAccess?: string } | undefined;
  return network?.publicNetworkAccess !== 'Disabled';
}

function closedReason({ name, state, front }: ServerRow): string {
  if (front === 'switching') return `Server '${name}' is failing over. Try again in a moment.`;
  if (state === 'Stopped') return `Server '${name}' is stopped. Start it to connect.`;
  if (state === 'Stopping') return `Server '${name}' is stopping.`;
  if (state === 'Disabled') return `Server '${name}' is disabled: its database process could not be kept running.`;
  return `Server '${name}' is starting. Try again in a moment.`;
}
