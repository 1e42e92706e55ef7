/** A highly available server of a real daemon, as seen from outside. */
import type { Connection } from 'mysql2/promise';
import { homePaths } from '../home.ts';
import { isAlive } from '../mysql/adoption.ts';
import { rows, withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { findPrimary, findStandby, type InstanceRow } from '../store/instances.ts';
import { findServerByName, type HaState, type ServerRow } from '../store/servers.ts';
import { until } from './daemon.ts';
import type { WriterTarget } from './writers.ts';

export const PASSWORD = 'Correct-horse-1';

export class HighlyAvailableServer {
  readonly #home: string;
  readonly #name: string;

  constructor(home: string, name: string) {
    this.#home = home;
    this.#name = name;
  }

  read<T>(work: (database: Database) => T): T {
    const database = openControlDatabase(homePaths(this.#home).controlDatabase);
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  get row(): ServerRow {
    return this.read((database) => findServerByName(database, this.#name)!);
  }

  get primary(): InstanceRow {
    return this.read((database) => findPrimary(database, this.row.id)!);
  }

  get standby(): InstanceRow {
    return this.read((database) => findStandby(database, this.row.id)!);
  }

  get target(): WriterTarget {
    const { address, port } = this.row;
    return { host: address, port: port!, user: 'owner', password: PASSWORD };
  }

  signal(side: 'primary' | 'standby', signal: NodeJS.Signals): void {
    process.kill(this[side].process!.pid, signal);
  }

  on<T>(side: 'primary' | 'standby', work: (connection: Connection) => Promise<T>): Promise<T> {
    return withConnection(this.socketOf(this[side]), work);
  }

  socketOf({ id, mysqlServerId }: InstanceRow): string {
    const paths = homePaths(this.#home);
    return instancePaths({ id, mysqlServerId, folder: paths.instanceFolder(id), runFolder: paths.runFolder }).socket;
  }

  async becomes(state: HaState, withinMs = 90_000): Promise<void> {
    await until(withinMs, () => this.row.haState === state || undefined).catch(() => {
      const { haState, haReason, state: serverState } = this.row;
      throw new Error(`It is ${haState} (${haReason}; ${serverState}) and not ${state}.`);
    });
  }

  async failsOver(fromEpoch: number, withinMs = 30_000): Promise<void> {
    await until(withinMs, () => this.row.epoch > fromEpoch || undefined);
  }

  /** Looks at both sides again and again; resolves to how often, and throws if both took writes at one moment. */
  watchWriters(): { stop(): Promise<{ samples: number; both: number }> } {
    const stopping = new AbortController();
    let samples = 0;
    let both = 0;
    const writable = async (row: InstanceRow) => {
      if (!row.process || !isAlive(row.process)) return false;
      const asked = withConnection(
        this.socketOf(row),
        async (own) => (await rows<{ value: number }>(own, 'SELECT @@GLOBAL.read_only AS value'))[0]!.value === 0,
        { timeoutMs: 300 },
      ).catch(() => false);
      return Promise.race([asked, new Promise<boolean>((resolve) => setTimeout(resolve, 300, false).unref())]);
    };
    const run = (async () => {
      while (!stopping.signal.aborted) {
        const sides = this.read((database) => {
          const { id } = findServerByName(database, this.#name)!;
          return [findPrimary(database, id), findStandby(database, id)].filter((row) => row !== undefined);
        });
        const answers = await Promise.all(sides.map(writable));
        // Asked twice: between two answers the one may have given up what the other took.
        if (answers.filter(Boolean).length > 1 && (await Promise.all(sides.map(writable))).filter(Boolean).length > 1) {
          both += 1;
        }
        samples += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    return {
      async stop() {
        stopping.abort();
        await run;
        return { samples, both };
      },
    };
  }
}
