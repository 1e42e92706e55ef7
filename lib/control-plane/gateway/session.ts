import { connect, type Socket } from 'node:net';
import { readClientStart, readConnectionId } from './packets.ts';
import type { ConnectionEvent } from './protocol.ts';
import { forward, ownBuffer, takeOver } from './raw-socket.ts';
import { backendUnreachable, secureTransportRequired } from './refusals.ts';

/** As mysqld's own connect_timeout, so that nobody holds one of its connections without a word. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How long a client that has our last word may take to hang up. Closing before it reads would reset the connection. */
const LINGER_MS = 10_000;
/** No greeting is longer than this without having told its connection id. */
const GREETING_BYTES = 1024;
const NOTHING = Buffer.alloc(0);

/** What a session adds to the counts of its front. */
export interface SessionCounts {
  opened: number;
  refusedInsecure: number;
  backendFailures: number;
  handshakeTimeouts: number;
  bytesIn: number;
  bytesOut: number;
}

export type SessionEvent = Omit<
  ConnectionEvent,
  'sequence' | 'at' | 'serverId' | 'clientAddress' | 'clientPort' | 'connectionId'
>;

export interface SessionInput {
  /** As net.Server with `pauseOnConnect` and `allowHalfOpen` gives it; the session takes it over. */
  accepted: Socket;
  /** mysqld's Unix socket. */
  backend: string;
  requireSecureTransport: boolean;
  counts: SessionCounts;
  /** Milliseconds since 1970. */
  since: number;
  /** Both ends are closed. */
  onEnd: (session: Session) => void;
  /** For the record of who came and went. */
  tell: (session: Session, what: SessionEvent) => void;
}

/**
 * One client's connection and its connection to mysqld. The gateway reads mysqld's greeting, to learn the connection
 * id, and the head of the client's first packet, to see that it asks for TLS; from there on it passes bytes.
 */
export class Session {
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly since: number;
  connectionId: number | null = null;

  readonly #client: Socket;
  readonly #backend: Socket;
  readonly #input: SessionInput;
  readonly #handshakeTimer: NodeJS.Timeout;
  #lingerTimer: NodeJS.Timeout | undefined;
  #phase: 'greeting' | 'clientStart' | 'open' | 'ending' = 'greeting';
  #greeting: Buffer | undefined = NOTHING;
  #clientStart = NOTHING;
  #openEnds = 2;
  /** When it came through to mysqld. */
  #openedAt: number | undefined;
  #wasCut = false;
  #held = false;
  /** mysqld has not taken yet what the client said; until it has, its bytes lie where the next would be read. */
  #behind = false;

  constructor(input: SessionInput) {
    this.#input = input;
    this.since = input.since;
    this.clientAddress = input.accepted.remoteAddress ?? '';
    this.clientPort = input.accepted.remotePort ?? 0;
    this.#client = takeOver(input.accepted, ownBuffer(this.#fromClient.bind(this)));
    this.#backend = connect({
      path: input.backend,
      allowHalfOpen: true,
      onread: ownBuffer(this.#fromBackend.bind(this)),
    });
    this.#handshakeTimer = setTimeout(() => this.#handshakeTimedOut(), HANDSHAKE_TIMEOUT_MS);
    this.#watchEnds();
  }

  get state(): 'handshake' | 'open' {
    return this.#phase === 'open' ? 'open' : 'handshake';
  }

  /** Bytes from the client. */
  get bytesIn(): number {
    return this.#client.bytesRead;
  }

  /** Bytes to the client. */
  get bytesOut(): number {
    return this.#client.bytesWritten;
  }

  /** What the client says from here on waits; answers that are under way still reach it. */
  hold(): void {
    this.#held = true;
    this.#client.pause();
  }

  /** It may speak again. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (this.#phase !== 'greeting') this.#resumeClient();
  }

  /** Ends the session at once, whatever is under way. */
  cut(): void {
    this.#wasCut = this.#phase === 'open';
    this.#phase = 'ending';
    this.#client.destroy();
    this.#backend.destroy();
  }

  #fromClient(bytes: Uint8Array): boolean {
    if (this.#phase === 'open') return this.#toBackend(bytes);
    if (this.#phase === 'ending') return true;
    this.#clientStart = Buffer.concat([this.#clientStart, bytes]);
    return this.#readClientStart();
  }

  /** @returns whether to read on from the client. */
  #readClientStart(): boolean {
    // Who talks before the greeting waits for it: the answer has to come in order.
    if (this.#phase === 'greeting') return false;
    const start = readClientStart(this.#clientStart);
    if (start === 'more') return true;
    clearTimeout(this.#handshakeTimer);
    if (this.#input.requireSecureTransport && !start.asksForTls) {
      this.#input.counts.refusedInsecure += 1;
      this.#input.tell(this, { kind: 'refused', reason: 'insecureTransport' });
      this.#refuse(secureTransportRequired(start.sequence));
      return true;
    }
    this.#phase = 'open';
    this.#input.counts.opened += 1;
    this.#openedAt = performance.now();
    this.#input.tell(this, { kind: 'connected' });
    const first = this.#clientStart;
    this.#clientStart = NOTHING;
    return this.#toBackend(first);
  }

  /** @returns whether to read on from the client. */
  #toBackend(bytes: Uint8Array): boolean {
    this.#behind = !forward(bytes, this.#backend, this.#caughtUp);
    return !this.#behind && !this.#held;
  }

  readonly #caughtUp = (): void => {
    this.#behind = false;
    this.#resumeClient();
  };

  #resumeClient(): void {
    if (!this.#held && !this.#behind) this.#client.resume();
  }

  readonly #resumeBackend = (): void => {
    this.#backend.resume();
  };

  #fromBackend(bytes: Uint8Array): boolean {
    if (this.#phase === 'ending') return true;
    if (this.#greeting) this.#readGreeting(this.#greeting, bytes);
    return forward(bytes, this.#client, this.#resumeBackend);
  }

  #readGreeting(before: Buffer, bytes: Uint8Array): void {
    const greeting = Buffer.concat([before, bytes]);
    const id = readConnectionId(greeting);
    if (id === 'more' && greeting.length < GREETING_BYTES) {
      this.#greeting = greeting;
      return;
    }
    this.#greeting = undefined;
    if (typeof id === 'number') this.connectionId = id;
    this.#phase = 'clientStart';
    // After the greeting is on its way, which happens when this returns.
    queueMicrotask(() => {
      if (this.#phase !== 'clientStart') return;
      if (this.#readClientStart()) this.#resumeClient();
    });
  }

  /** Tells the client why, and hangs up as soon as it does. */
  #refuse(packet: Buffer): void {
    this.#phase = 'ending';
    clearTimeout(this.#handshakeTimer);
    this.#clientStart = NOTHING;
    this.#client.resume();
    this.#client.end(packet);
    this.#linger();
    this.#backend.destroy();
  }

  #linger(): void {
    this.#lingerTimer ??= setTimeout(() => this.#client.destroy(), LINGER_MS);
  }

  #handshakeTimedOut(): void {
    this.#input.counts.handshakeTimeouts += 1;
    this.#input.tell(this, { kind: 'refused', reason: 'handshakeTimeout' });
    this.cut();
  }

  #watchEnds(): void {
    const [client, backend] = [this.#client, this.#backend];
    // Faults end a session; what they were is nothing that the gateway could act on. 'close' follows.
    client.on('error', () => {});
    backend.on('error', () => this.#backendEnded());
    client.on('end', () => backend.end());
    backend.on('end', () => this.#backendEnded());
    client.on('close', () => {
      backend.destroy();
      this.#closed();
    });
    backend.on('close', () => {
      this.#backendEnded();
      this.#closed();
    });
  }

  #backendEnded(): void {
    if (this.#phase === 'greeting' && this.#greeting?.length === 0 && this.#client.writable) {
      this.#input.counts.backendFailures += 1;
      this.#input.tell(this, { kind: 'refused', reason: 'unreachable' });
      this.#refuse(backendUnreachable());
      return;
    }
    if (this.#client.writable) this.#client.end();
    // What the client still sends has no reader any more, and unread it would turn our goodbye into a reset.
    this.#phase = 'ending';
    this.#client.resume();
    if (!this.#client.destroyed) this.#linger();
  }

  #closed(): void {
    this.#openEnds -= 1;
    if (this.#openEnds > 0) return;
    clearTimeout(this.#handshakeTimer);
    clearTimeout(this.#lingerTimer);
    this.#input.counts.bytesIn += this.bytesIn;
    this.#input.counts.bytesOut += this.bytesOut;
    if (this.#openedAt !== undefined) {
      this.#input.tell(this, {
        kind: 'disconnected',
        ...(this.#wasCut && { reason: 'cut' }),
        durationMs: Math.round(performance.now() - this.#openedAt),
        bytesIn: this.bytesIn,
        bytesOut: this.bytesOut,
      });
    }
    this.#input.onEnd(this);
  }
}
