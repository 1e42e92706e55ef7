import type { FrontCounters } from '../gateway/protocol.ts';
import { isAlive, type ProcessIdentity } from '../mysql/adoption.ts';
import type { MinuteSample } from '../store/sample-hour.ts';
import { buildMinute, type MinuteBuilder } from './minute.ts';
import { NO_READINGS, risen, type Readings } from './readings.ts';
import { fileSizes, logBytes, storageLevels } from './sources/files.ts';
import { gatewayReadings } from './sources/gateway.ts';
import type { StatusReader } from './sources/mysql.ts';
import { cpuPercent, percent, readProcess } from './sources/process.ts';

const MINUTE = 60_000;
/** Two readings further apart than this say nothing about the minute of the later one. */
const LONGEST_SPAN_MS = 90_000;

/** A server whose mysqld runs. */
export interface SampledServer {
  id: string;
  process: ProcessIdentity;
  /** Where its clients come in at the gateway. */
  port: number;
  socket: string;
  /** Of its standby, where one is wanted. */
  standbySocket?: string | undefined;
  dataDirectory: string;
  serverLogs: readonly string[];
  rotatedLogsFolder: string;
  /** What its size has on this machine: `capacity`. */
  cpus: number;
  memoryBytes: number;
  iops: number;
  storageBytes: number;
  /** Levels that the control plane knows by itself: kept once a minute, as they are. */
  known?: ReadonlyMap<string, number>;
}

export interface GatewayCounters {
  life: string;
  fronts: readonly FrontCounters[];
}

export interface SamplerWorld {
  /** Milliseconds that only go forward, whatever the clock is set to. */
  elapsed(): number;
  statusReader(socket: string): StatusReader;
  /** How a standby follows; in the end always something. */
  readStandby(socket: string): Promise<Map<string, number>>;
  /** Gets each minute that is over. */
  keep(serverId: string, minute: number, samples: ReadonlyMap<string, MinuteSample>): void;
  /** A source of one server did not answer. */
  failed(serverId: string, source: string, failure: unknown): void;
}

interface Taken {
  readings: Readings;
  at: number;
}

/** What is known of one server between two looks at it. */
interface State {
  minute: number;
  builder: MinuteBuilder;
  reader: StatusReader;
  socket: string;
  last: Record<'mysql' | 'process' | 'gateway', Taken | undefined>;
}

export interface Sampler {
  /**
   * Looks at every server once, at all of them side by side: one that hangs holds up nobody. Servers that are not
   * named any more are forgotten.
   *
   * @param mark the moment it is for, a quarter of a minute of the clock. The mark that ends a minute belongs to it.
   */
  look(servers: readonly SampledServer[], gateway: GatewayCounters | undefined, mark: number): Promise<void>;
  close(): void;
}

export function createSampler(world: SamplerWorld): Sampler {
  const states = new Map<string, State>();

  function keepMinute(serverId: string, state: State): void {
    const samples = state.builder.finish();
    state.builder = buildMinute();
    if (samples.size === 0) return;
    try {
      world.keep(serverId, state.minute, samples);
    } catch (failure) {
      // A full disk: this minute is a gap, and nothing else is held up.
      world.failed(serverId, 'store', failure);
    }
  }

  function stateOf({ id, socket }: SampledServer, minute: number): State {
    const known = states.get(id);
    if (known && known.minute !== minute) keepMinute(id, known);
    const state = known ?? {
      minute,
      builder: buildMinute(),
      reader: world.statusReader(socket),
      socket,
      last: { mysql: undefined, process: undefined, gateway: undefined },
    };
    states.set(id, state);
    state.minute = minute;
    if (state.socket !== socket) {
      state.reader.close();
      state.reader = world.statusReader(socket);
      state.socket = socket;
    }
    return state;
  }

  function forget(serverId: string, state: State): void {
    keepMinute(serverId, state);
    state.reader.close();
    states.delete(serverId);
  }

  /** How much a source's counters rose since it was read last, and in how long. */
  function since(state: State, source: keyof State['last'], readings: Readings) {
    const at = world.elapsed();
    const last = state.last[source];
    if (readings.life === undefined) return { rises: new Map<string, number>(), elapsedMs: 0 };
    state.last[source] = { readings, at };
    const elapsedMs = last ? at - last.at : 0;
    return { rises: risen(elapsedMs <= LONGEST_SPAN_MS ? last?.readings : undefined, readings, elapsedMs), elapsedMs };
  }

  async function lookAt(server: SampledServer, gateway: GatewayCounters | undefined, mark: number): Promise<void> {
    const endsMinute = mark % MINUTE === 0;
    const state = stateOf(server, Math.floor((mark - 1) / MINUTE) * MINUTE);
    const life = `${server.process.pid}/${server.process.startedAt}`;
    const levels = new Map<string, number>();
    const rises = new Map<string, number>();
    const take = (found: ReadonlyMap<string, number>, into: Map<string, number>) => {
      for (const [name, value] of found) into.set(name, value);
    };

    const process = readProcess({ pid: server.process.pid, life, memoryBytes: server.memoryBytes });
    const processSince = since(state, 'process', process);
    const cpu = cpuPercent(processSince.rises, processSince.elapsedMs, server.cpus);
    if (cpu !== undefined) levels.set('cpu_percent', cpu);
    take(process.levels, levels);

    const front = gateway
      ? gatewayReadings(gateway.fronts, { serverId: server.id, port: server.port }, gateway.life)
      : NO_READINGS;
    take(since(state, 'gateway', front).rises, rises);
    take(front.levels, levels);

    const status = state.reader.read(life).then(
      (readings) => {
        const { rises: mysqlRises, elapsedMs } = since(state, 'mysql', readings);
        take(mysqlRises, rises);
        take(readings.levels, levels);
        const operations = mysqlRises.get('storage_io_count');
        if (operations !== undefined && elapsedMs > 0) {
          levels.set('io_consumption_percent', percent(operations, (server.iops * elapsedMs) / 1000));
        }
      },
      (failure: unknown) => {
        // One that has ended is the business of whoever starts it again.
        if (isAlive(server.process)) world.failed(server.id, 'mysql', failure);
      },
    );
    const storage = endsMinute
      ? Promise.all([fileSizes(server.dataDirectory), logBytes(server.serverLogs, server.rotatedLogsFolder)]).then(
          ([files, logs]) => take(storageLevels(files, logs, server.storageBytes), levels),
          (failure: unknown) => world.failed(server.id, 'files', failure),
        )
      : undefined;
    if (endsMinute && server.known) take(server.known, levels);
    const standby = server.standbySocket === undefined ? undefined : world.readStandby(server.standbySocket);
    if (standby) take(await standby, levels);
    await Promise.all([status, storage]);
    state.builder.add(rises, levels);
    if (endsMinute) keepMinute(server.id, state);
  }

  return {
    async look(servers, gateway, mark) {
      const named = new Set(servers.map(({ id }) => id));
      for (const [id, state] of states) if (!named.has(id)) forget(id, state);
      await Promise.all(servers.map((server) => lookAt(server, gateway, mark)));
    },
    close() {
      for (const [id, state] of states) forget(id, state);
    },
  };
}
