import { ConnectionRecord } from './connection-events.ts';
import { Listener, type ListenerWorld } from './listener.ts';
import type { ApplyResult, Front, FrontCounters, GatewaySession, GatewayTable, TableVersion } from './protocol.ts';

/** All fronts. It starts closed, with none, and does what the newest table says. */
export class Gateway {
  readonly connections = new ConnectionRecord();
  readonly #world: ListenerWorld;
  readonly #listeners = new Map<string, Listener>();
  #version: TableVersion = { version: -1, epoch: -1 };

  constructor(world: Omit<ListenerWorld, 'record'>) {
    this.#world = { ...world, record: (event) => this.connections.record(event) };
  }

  get version(): TableVersion {
    return this.#version;
  }

  /**
   * Makes this table the one in force, unless it is older. Backends and rules are in force, and sessions that they end
   * are ended, before this first waits. Resolves when every front listens or is known not to; tables may overlap.
   */
  async apply(table: GatewayTable): Promise<ApplyResult> {
    const applied = !isOlder(table, this.#version);
    const cut = applied ? this.#take(table) : 0;
    await Promise.all([...this.#listeners.values()].map((listener) => listener.listen()));
    return { applied, ...this.#version, cut, fronts: this.#each((listener) => listener.status()) };
  }

  #take(table: GatewayTable): number {
    this.#version = { version: table.version, epoch: table.epoch };
    const wanted = new Map(table.fronts.map((front) => [frontKey(front), front]));
    let cut = 0;
    // First what goes, so that an address is free for who comes.
    for (const [key, listener] of this.#listeners) {
      if (wanted.has(key)) continue;
      this.#listeners.delete(key);
      cut += listener.close();
    }
    for (const [key, front] of wanted) {
      const listener = this.#listeners.get(key);
      if (listener) cut += listener.update(front);
      else this.#listeners.set(key, new Listener(front, this.#world));
    }
    this.#world.log('table', { ...this.#version, fronts: wanted.size, cut });
    return cut;
  }

  /** Ends all sessions of a server. @returns how many. */
  cut(serverId: string): number {
    const cuts = this.#each((listener) => listener.cut(), serverId);
    return cuts.reduce((sum, cut) => sum + cut, 0);
  }

  sessions(serverId?: string): GatewaySession[] {
    return this.#each((listener) => listener.sessions(), serverId).flat();
  }

  counters(serverId?: string): FrontCounters[] {
    return this.#each((listener) => listener.counters(), serverId);
  }

  /** Closes every front and ends every session. */
  close(): void {
    for (const listener of this.#listeners.values()) listener.close();
    this.#listeners.clear();
  }

  #each<T>(read: (listener: Listener) => T, serverId?: string): T[] {
    return [...this.#listeners.values()]
      .filter((listener) => serverId === undefined || listener.serverId === serverId)
      .map(read);
  }
}

function isOlder(table: TableVersion, than: TableVersion): boolean {
  return table.epoch === than.epoch ? table.version < than.version : table.epoch < than.epoch;
}

/** Another server on the same address is another front: no session of the one may end up at the other. */
function frontKey({ serverId, address, port }: Front): string {
  return JSON.stringify([serverId, address, port]);
}
