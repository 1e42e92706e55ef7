import { appendConnectionLines, connectionLine, missedLine, type ConnectedUser } from '../logs/connection-log.ts';
import type { ConnectionEvent } from '../gateway/protocol.ts';
import { GatewayError, GatewayGoneError } from '../gateway/wire.ts';
import { isAlive } from '../mysql/adoption.ts';
import { rows, withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import type { GatewayLink } from '../operations/gateway-link.ts';
import { connectionLogPath, isConnectionLogOn } from '../operations/server-logs.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { readHomeFact, writeHomeFact } from '../store/home-facts.ts';
import { findPrimary } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

const SECOND = 1_000;
/** By then who came has signed in, and MySQL can say who it is. */
const SETTLED_MS = 300;
const TIMEOUT_MS = 2_000;

/**
 * Writes down who connected to the servers whose parameter `audit_log_enabled` is ON. The gateway knows; it remembers some
 * thousand events while nobody asks, and where this had read to is kept, so a restart of the daemon loses nothing.
 */
export function connectionLogReconciler(
  world: Pick<World, 'database' | 'paths' | 'clock' | 'log'>,
  link: Pick<GatewayLink, 'client'>,
): Reconciler {
  const { database, clock, log } = world;
  /** Of the sessions that are open, by server and connection. */
  const users = new Map<string, ConnectedUser>();
  let isOld = false;

  return {
    name: 'connection-log',
    everyMs: SECOND,
    async tick() {
      const servers = listServers(database).filter(isConnectionLogOn);
      if (servers.length === 0) {
        // What happens while nobody wants to know is not written down later.
        if (readHomeFact(database, 'connection_log')) writeHomeFact(database, 'connection_log', '');
        users.clear();
        return undefined;
      }
      const client = await link.client();
      const gateway = `${client.identity.pid}-${client.identity.startedAt}`;
      const before = clock.now() - SETTLED_MS;
      for (;;) {
        const after = lastRead(readHomeFact(database, 'connection_log'), gateway);
        let answer;
        try {
          answer = await client.connections(after, before);
        } catch (failure) {
          if (!(failure instanceof GatewayError) || failure instanceof GatewayGoneError) throw failure;
          const first = !isOld;
          isOld = true;
          return first ? 'the gateway that runs is of an older release: it keeps no record of connections' : undefined;
        }
        const { events, last, missed } = answer;
        for (const { id } of servers) {
          const own = events.filter(({ serverId }) => serverId === id);
          if (own.length === 0 && missed === 0) continue;
          const found = await findUsers(id, own);
          const lines = own.map((event) => {
            const key = `${id}/${event.connectionId}`;
            const who = found.get(event.connectionId) ?? users.get(key);
            if (event.kind === 'connected' && who) users.set(key, who);
            if (event.kind === 'disconnected') users.delete(key);
            return connectionLine(event, event.kind === 'refused' ? undefined : who);
          });
          if (missed > 0) lines.unshift(missedLine(own[0]?.at ?? before, missed));
          await appendConnectionLines(connectionLogPath(world, id), lines);
        }
        const position = `${gateway}:${last}`;
        if (position !== readHomeFact(database, 'connection_log')) writeHomeFact(database, 'connection_log', position);
        if (events.length === 0) return undefined;
      }
    },
  };

  /** Who is behind connections that are there still. */
  async function findUsers(
    serverId: string,
    events: readonly ConnectionEvent[],
  ): Promise<Map<number | null, ConnectedUser>> {
    const gone = new Set(events.filter(({ kind }) => kind === 'disconnected').map((event) => event.connectionId));
    const ids = events.flatMap(({ kind, connectionId }) =>
      kind === 'connected' && connectionId !== null && !gone.has(connectionId) ? [connectionId] : [],
    );
    const primary = findPrimary(database, serverId);
    if (ids.length === 0 || !primary?.process || !isAlive(primary.process)) return new Map();
    const { socket } = instancePaths(mysqlInstance(world, primary));
    try {
      const found = await withConnection(
        socket,
        (connection) =>
          rows<{ id: number; user: string | null; db: string | null }>(
            connection,
            `SELECT PROCESSLIST_ID AS id, PROCESSLIST_USER AS user, PROCESSLIST_DB AS db FROM performance_schema.threads
             WHERE PROCESSLIST_ID IN (?) AND PROCESSLIST_USER <> 'unauthenticated user'`,
            [ids],
          ),
        { timeoutMs: TIMEOUT_MS },
      );
      return new Map(found.map(({ id, user, db }) => [Number(id), { user, db }]));
    } catch (failure) {
      // Who came is written down all the same.
      log.debug({ serverId, err: failure }, 'MySQL did not say who is connected');
      return new Map();
    }
  }
}

/** Where it was read to; 0 of a gateway that was started since; undefined where nothing was wanted before. */
function lastRead(fact: string | undefined, gateway: string): number | undefined {
  const [, before, sequence] = /^(.*):(\d+)$/.exec(fact ?? '') ?? [];
  if (before === undefined) return undefined;
  return before === gateway ? Number(sequence) : 0;
}
