import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { compileFirewall, type Firewall } from './firewall.ts';
import type { ConnectionEvent, Front, FrontCounters, FrontStatus, GatewaySession } from './protocol.ts';
import { userOfPeer } from './peer.ts';
import { notAllowed, serverClosed, tooManyConnections } from './refusals.ts';
import { Session, type SessionCounts, type SessionEvent } from './session.ts';

/** How soon an address that could not be listened on is tried again. */
const LISTEN_AGAIN_MS = 1_000;
/** How long a refused client may take to hang up. Closing before it reads the reason would reset the connection. */
const LINGER_MS = 5_000;
/** How long a client waits for a change of primary. MySQL's own clients wait for longer, and most others for this long. */
const HOLD_MS = 10_000;
const BACKLOG = 511;
const KEEP_ALIVE_AFTER_MS = 60_000;

export interface ListenerWorld {
  clock: Clock;
  log: (event: string, details: Record<string, unknown>) => void;
  record: (event: Omit<ConnectionEvent, 'sequence'>) => void;
}

/** One front at work: its address and port, its rules, and the sessions that came in through it. */
export class Listener {
  readonly #world: ListenerWorld;
  readonly #sessions = new Set<Session>();
  readonly #refused = new Set<Socket>();
  /** Clients that wait for the next primary, with what ends their wait. */
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();
  readonly #counts = {
    opened: 0,
    refusedByFirewall: 0,
    refusedClosed: 0,
    refusedFull: 0,
    refusedInsecure: 0,
    backendFailures: 0,
    handshakeTimeouts: 0,
    cut: 0,
    bytesIn: 0,
    bytesOut: 0,
  } satisfies SessionCounts & Record<string, number>;
  #front: Front;
  #allows: Firewall;
  #server: Server | undefined;
  #listening: Promise<void> | undefined;
  #listenError: string | undefined;
  /** What the log has already, so that a fault that stays does not fill it. */
  #toldError: string | undefined;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(front: Front, world: ListenerWorld) {
    this.#world = world;
    this.#front = front;
    this.#allows = compileFirewall(front.rules);
  }

  get serverId(): string {
    return this.#front.serverId;
  }

  /** Listens if it does not yet. Resolves when it does, or when it is known that it can't: see {@link status}. */
  async listen(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#again);
    this.#listening ??= this.#listen();
    await this.#listening;
  }

  #listen(): Promise<void> {
    const { address, port, serverId } = this.#front;
    const server = createServer({
      allowHalfOpen: true,
      pauseOnConnect: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
    });
    this.#server = server;
    server.on('connection', (client) => this.#accept(client));
    return new Promise((resolve) => {
      server.on('listening', () => {
        if (this.#closed) server.close();
        if (this.#toldError !== undefined) this.#world.log('listens at last', { serverId, address, port });
        this.#listenError = undefined;
        this.#toldError = undefined;
        resolve();
      });
      // Also told when a client could not be accepted, such as for lack of file descriptors: then it goes on listening.
      server.on('error', (error: NodeJS.ErrnoException) => {
        const code = error.code ?? error.message;
        if (this.#toldError !== code) this.#world.log('listener', { serverId, address, port, error: code });
        this.#toldError = code;
        if (!server.listening) this.#listenAgainLater(code);
        resolve();
      });
      server.listen({ host: address, port, backlog: BACKLOG, exclusive: true });
    });
  }

  #listenAgainLater(code: string): void {
    this.#listenError = code;
    this.#server = undefined;
    this.#listening = undefined;
    if (!this.#closed) this.#again = setTimeout(() => void this.listen(), LISTEN_AGAIN_MS);
  }

  /**
   * Takes a newer wish for the same address and port. An older epoch does not move the backend.
   *
   * @returns how many sessions it ended.
   */
  update(next: Front): number {
    const now = this.#front;
    const stale = next.epoch < now.epoch;
    this.#front = stale
      ? { ...next, backend: now.backend, closedReason: now.closedReason, hold: now.hold, epoch: now.epoch }
      : next;
    this.#allows = compileFirewall(next.rules);
    const { backend, epoch, hold, admitUser } = this.#front;
    const moved = backend !== now.backend || epoch !== now.epoch || admitUser !== now.admitUser;
    // Who came in as a user of this machine has no rule of its own.
    const cut = moved
      ? this.cut()
      : this.#cutWhere((session) => admitUser === undefined && !this.#allows(session.clientAddress));
    for (const session of this.#sessions) {
      if (hold) session.hold();
      else session.release();
    }
    if (!hold) for (const client of this.#waiting.keys()) this.#endWait(client);
    return cut;
  }

  /** Ends all sessions. @returns how many. */
  cut(): number {
    return this.#cutWhere(() => true);
  }

  #cutWhere(doomed: (session: Session) => boolean): number {
    const sessions = [...this.#sessions].filter(doomed);
    for (const session of sessions) session.cut();
    this.#counts.cut += sessions.length;
    return sessions.length;
  }

  /** Listens no more and ends all sessions. @returns how many. */
  close(): number {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#server?.close();
    this.#server = undefined;
    for (const client of [...this.#refused, ...this.#waiting.keys()]) client.destroy();
    return this.cut();
  }

  #accept(client: Socket): void {
    const { backend, closedReason, hold, requireSecureTransport, maxSessions } = this.#front;
    const address = client.remoteAddress ?? '';
    if (this.#closed) {
      client.destroy();
    } else if (!this.#allows(address) && !this.#admitsUserOf(client)) {
      this.#counts.refusedByFirewall += 1;
      this.#recordRefused(client, 'firewall');
      this.#refuse(client, notAllowed(address));
    } else if (hold && !this.#waiting.has(client)) {
      this.#wait(client);
    } else if (backend === null) {
      this.#counts.refusedClosed += 1;
      this.#recordRefused(client, 'closed');
      this.#refuse(client, serverClosed(closedReason));
    } else if (maxSessions !== undefined && this.#sessions.size >= maxSessions) {
      this.#counts.refusedFull += 1;
      this.#recordRefused(client, 'full');
      this.#refuse(client, tooManyConnections());
    } else {
      this.#sessions.add(
        new Session({
          accepted: client,
          backend,
          requireSecureTransport,
          counts: this.#counts,
          since: this.#world.clock.now(),
          onEnd: (session) => this.#sessions.delete(session),
          tell: (session, what) => this.#record(session, what),
        }),
      );
    }
  }

  #recordRefused({ remoteAddress = '', remotePort = 0 }: Socket, reason: 'firewall' | 'closed' | 'full'): void {
    this.#record(
      { clientAddress: remoteAddress, clientPort: remotePort, connectionId: null },
      { kind: 'refused', reason },
    );
  }

  #record(
    { clientAddress, clientPort, connectionId }: Pick<Session, 'clientAddress' | 'clientPort' | 'connectionId'>,
    what: SessionEvent,
  ): void {
    const { serverId, admitUser } = this.#front;
    // Who may come as a user of this machine is Flexdeck itself.
    if (admitUser !== undefined) return;
    const at = this.#world.clock.now();
    this.#world.record({ at, serverId, clientAddress, clientPort, connectionId, ...what });
  }

  #admitsUserOf(client: Socket): boolean {
    const { admitUser } = this.#front;
    return admitUser !== undefined && userOfPeer(client) === admitUser;
  }

  #wait(client: Socket): void {
    const gone = () => {
      clearTimeout(this.#waiting.get(client));
      this.#waiting.delete(client);
    };
    client.on('error', () => client.destroy());
    client.on('close', gone);
    this.#waiting.set(
      client,
      setTimeout(() => this.#endWait(client), HOLD_MS),
    );
  }

  /** To the primary that there is now, or told why there is none. */
  #endWait(client: Socket): void {
    const timer = this.#waiting.get(client);
    // Once more, as one that has waited: rules may have changed meanwhile.
    this.#accept(client);
    clearTimeout(timer);
    this.#waiting.delete(client);
  }

  #refuse(client: Socket, packet: Buffer): void {
    this.#refused.add(client);
    const linger = setTimeout(() => client.destroy(), LINGER_MS);
    client.on('error', () => client.destroy());
    client.on('close', () => {
      clearTimeout(linger);
      this.#refused.delete(client);
    });
    client.resume();
    client.end(packet);
  }

  status(): FrontStatus {
    const { serverId, address, port, epoch } = this.#front;
    return {
      serverId,
      address,
      port,
      epoch,
      listening: this.#server?.listening ?? false,
      listenError: this.#listenError,
    };
  }

  counters(): FrontCounters {
    const counters = { ...this.status(), ...this.#counts, activeSessions: this.#sessions.size };
    for (const session of this.#sessions) {
      counters.bytesIn += session.bytesIn;
      counters.bytesOut += session.bytesOut;
    }
    return counters;
  }

  sessions(): GatewaySession[] {
    const { serverId, address, port } = this.#front;
    return [...this.#sessions].map((session) => ({
      serverId,
      address,
      port,
      clientAddress: session.clientAddress,
      clientPort: session.clientPort,
      since: session.since,
      bytesIn: session.bytesIn,
      bytesOut: session.bytesOut,
      connectionId: session.connectionId,
      state: session.state,
    }));
  }
}
