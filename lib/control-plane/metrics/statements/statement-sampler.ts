import { isAlive, type ProcessIdentity } from '../../mysql/adoption.ts';
import { connect, type Connection } from '../../mysql/client.ts';
import {
  leaveOutOwnSessions,
  readStatements,
  readWaits,
  type WaitStatistics,
} from '../../mysql/statement-statistics.ts';
import { statementRises, waitRises, type Baseline, type StatementRise } from './rises.ts';

const TIMEOUT_MS = 5_000;
/** What ran just before the last look may be seen again: it has not risen since. */
const OVERLAP_SECONDS = 5;
/** Two looks further apart say nothing about the minute of the later one. */
const LONGEST_SPAN_MS = 150_000;

export interface WatchedServer {
  id: string;
  process: ProcessIdentity;
  socket: string;
}

export interface StatementSamplerWorld {
  /** Milliseconds that only go forward. */
  elapsed(): number;
  keep(serverId: string, minute: number, found: { statements: StatementRise[]; waits: WaitStatistics[] }): void;
  failed(serverId: string, failure: unknown): void;
}

interface Watch {
  life: string;
  connection: Connection;
  baseline: Baseline;
  waits: WaitStatistics[] | undefined;
  lookedAt: number | undefined;
}

/** Asks every server once a minute what its statements have cost since. */
export interface StatementSampler {
  /** All servers side by side. Those that are not named any more are forgotten. @param minute its beginning. */
  look(servers: readonly WatchedServer[], minute: number): Promise<void>;
  close(): void;
}

export function createStatementSampler(world: StatementSamplerWorld): StatementSampler {
  const watches = new Map<string, Watch>();

  function forget(serverId: string): void {
    // destroy, not end: a hung server must not hang us at the goodbye.
    watches.get(serverId)?.connection.destroy();
    watches.delete(serverId);
  }

  async function watch({ id, socket }: WatchedServer, life: string): Promise<Watch> {
    const known = watches.get(id);
    if (known?.life === life) return known;
    forget(id);
    const connection = await connect(socket, { timeoutMs: TIMEOUT_MS });
    connection.on('error', () => {});
    const fresh: Watch = { life, connection, baseline: new Map(), waits: undefined, lookedAt: undefined };
    watches.set(id, fresh);
    await connection.query({
      sql: `SET SESSION wait_timeout = 28800, min_examined_row_limit = 18446744073709551615, long_query_time = 31536000`,
      timeout: TIMEOUT_MS,
    });
    await leaveOutOwnSessions(connection, TIMEOUT_MS);
    return fresh;
  }

  async function lookAt(server: WatchedServer, minute: number): Promise<void> {
    const life = `${server.process.pid}/${server.process.startedAt}`;
    const { connection, ...state } = await watch(server, life);
    const now = world.elapsed();
    const sinceMs = state.lookedAt === undefined ? undefined : now - state.lookedAt;
    const found = await readStatements(connection, {
      withinSeconds: sinceMs === undefined ? undefined : sinceMs / 1000 + OVERLAP_SECONDS,
      timeoutMs: TIMEOUT_MS,
    });
    const { uptimeSeconds, waits } = await readWaits(connection, { timeoutMs: TIMEOUT_MS });
    // A mysqld that has just started had nothing before; of any other the first look only says where it stands.
    const isContinued = sinceMs === undefined ? uptimeSeconds * 1000 <= LONGEST_SPAN_MS : sinceMs <= LONGEST_SPAN_MS;
    const statements = statementRises(state.baseline, found);
    const risen = waitRises(state.waits, waits);
    const current = watches.get(server.id);
    if (current) Object.assign(current, { waits, lookedAt: now });
    if (isContinued) world.keep(server.id, minute, { statements, waits: risen });
  }

  return {
    async look(servers, minute) {
      const named = new Set(servers.map(({ id }) => id));
      for (const id of watches.keys()) if (!named.has(id)) forget(id);
      await Promise.all(
        servers.map(async (server) => {
          try {
            await lookAt(server, minute);
          } catch (failure) {
            // The baseline stays with the life: what is missed now is in the next look, or in none.
            watches.get(server.id)?.connection.destroy();
            watches.delete(server.id);
            if (isAlive(server.process)) world.failed(server.id, failure);
          }
        }),
      );
    },
    close() {
      for (const id of watches.keys()) forget(id);
    },
  };
}
