import * as z from 'zod';

/**
 * What daemon and gateway say to each other: one JSON object a line over a Unix socket. The daemon asks
 * (`{ id, method, … }`), the gateway answers each question once (`{ id, result }` or `{ id, error }`).
 *
 * A daemon may meet a gateway that an older or newer release left running. Fields may be added freely, since both
 * sides ignore what they do not know; any other change raises this number, and then the gateway is replaced.
 */
export const GATEWAY_PROTOCOL = 1;

/** Exit code of a gateway that found another one on its socket. */
export const EXIT_ALREADY_RUNNING = 3;

/** An IPv4 range, both ends in it, as in ARM's `firewallRules`. Nothing matches `0.0.0.0`–`0.0.0.0` ("Azure services"). */
export const FirewallRule = z.object({ name: z.string(), startIp: z.ipv4(), endIp: z.ipv4() });
export type FirewallRule = z.infer<typeof FirewallRule>;

/** One listener. A server may have several of them, told apart by address and port. */
export const Front = z.object({
  serverId: z.string().min(1),
  address: z.ipv4(),
  port: z.int().min(1).max(65535),
  /** mysqld's Unix socket; null while nothing is to be reached. */
  backend: z.string().min(1).nullable(),
  /** Why `backend` is null: a sentence for the client. */
  closedReason: z.string().optional(),
  /**
   * The primary is being changed: new clients wait, and what the sessions say next waits with them, until this is false
   * again or the backend another. Who waits for longer than a client would is told `closedReason`.
   */
  hold: z.boolean().default(false),
  rules: z.array(FirewallRule),
  /**
   * For standbys: besides the rules, whose programs on this machine are let in, by the number of their user. No other
   * user's can be where it matters: that user could as well open the backend's socket.
   */
  admitUser: z.int().optional(),
  /** Rises with every change of primary. A front with an older one does not move the backend. */
  epoch: z.int().nonnegative(),
  /** Azure's server parameter `require_secure_transport`: false lets clients in that do not ask for TLS. */
  requireSecureTransport: z.boolean().default(true),
  /** How many sessions there may be at a time; who comes then is told so in MySQL's words. */
  maxSessions: z.int().positive().optional(),
});
export type Front = z.infer<typeof Front>;

/** All that the gateway is to do. It is ordered by epoch, then version; an older one than the one in force is ignored. */
export const GatewayTable = z.object({
  /** Rises with every change that one daemon makes. */
  version: z.int().nonnegative(),
  /** Rises with every daemon, if that numbers its tables from the start again. */
  epoch: z.int().nonnegative(),
  fronts: z.array(Front),
});
export type GatewayTable = z.infer<typeof GatewayTable>;
/** A table as the daemon writes it: what has a default may be left out. */
export type GatewayTableInput = z.input<typeof GatewayTable>;

export const Hello = z.object({
  protocol: z.int(),
  pid: z.int(),
  /** With the pid it names a process for good: `ProcessIdentity` of mysql/adoption.ts. */
  startedAt: z.string(),
  /** The table in force; both -1 before the first. */
  version: z.int(),
  epoch: z.int(),
});
export type Hello = z.infer<typeof Hello>;

export const FrontStatus = z.object({
  serverId: z.string(),
  address: z.string(),
  port: z.int(),
  /** The front's epoch in force. */
  epoch: z.int(),
  listening: z.boolean(),
  /** Why it does not listen, such as EADDRINUSE. It is tried again every second. */
  listenError: z.string().optional(),
});
export type FrontStatus = z.infer<typeof FrontStatus>;

export const ApplyResult = z.object({
  /** False: the table was older than the one in force, which stays. */
  applied: z.boolean(),
  version: z.int(),
  epoch: z.int(),
  /** Sessions that this table ended. */
  cut: z.int(),
  fronts: z.array(FrontStatus),
});
export type ApplyResult = z.infer<typeof ApplyResult>;

export const GatewaySession = z.object({
  serverId: z.string(),
  /** Where the client connected to. */
  address: z.string(),
  port: z.int(),
  clientAddress: z.string(),
  clientPort: z.int(),
  /** Milliseconds since 1970. */
  since: z.int(),
  /** From the client, and to it; TLS and packet headers included. */
  bytesIn: z.int(),
  bytesOut: z.int(),
  /** The thread id in mysqld's greeting, as in `SHOW PROCESSLIST`; null until it was seen. */
  connectionId: z.int().nullable(),
  /** `handshake` until the client asked for TLS; `open` says nothing about who signed in. */
  state: z.enum(['handshake', 'open']),
});
export type GatewaySession = z.infer<typeof GatewaySession>;

/** Counts since the front was first listened on; a front that leaves the table takes them with it. */
export const FrontCounters = FrontStatus.extend({
  activeSessions: z.int(),
  /** Clients that got through to mysqld's greeting and asked for TLS. */
  opened: z.int(),
  refusedByFirewall: z.int(),
  /** Refused since the server is stopped or starting. */
  refusedClosed: z.int(),
  /** Refused since all sessions that there may be were there. One of an older release does not count these. */
  refusedFull: z.int().default(0),
  refusedInsecure: z.int(),
  /** mysqld did not take the connection. */
  backendFailures: z.int(),
  handshakeTimeouts: z.int(),
  cut: z.int(),
  bytesIn: z.int(),
  bytesOut: z.int(),
});
export type FrontCounters = z.infer<typeof FrontCounters>;

/** A client that came, went or was turned away. */
export const ConnectionEvent = z.object({
  /** Rises by one with each; begins anew with each gateway. */
  sequence: z.int(),
  /** Milliseconds since 1970. */
  at: z.int(),
  serverId: z.string(),
  clientAddress: z.string(),
  clientPort: z.int(),
  kind: z.enum(['connected', 'disconnected', 'refused']),
  /** The thread id in mysqld's greeting; null for who did not come that far. */
  connectionId: z.int().nullable(),
  /** Why it was refused; of one that went: `cut` where the gateway ended it. */
  reason: z
    .enum(['firewall', 'closed', 'full', 'insecureTransport', 'unreachable', 'handshakeTimeout', 'cut'])
    .optional(),
  /** Of one that went: how long it was there, and its bytes. */
  durationMs: z.int().optional(),
  bytesIn: z.int().optional(),
  bytesOut: z.int().optional(),
});
export type ConnectionEvent = z.infer<typeof ConnectionEvent>;

export const ConnectionEvents = z.object({
  events: z.array(ConnectionEvent),
  /** What to ask on from. */
  last: z.int(),
  /** How many were forgotten before they were asked for. */
  missed: z.int(),
});
export type ConnectionEvents = z.infer<typeof ConnectionEvents>;

const id = z.int();

export const GatewayRequest = z.discriminatedUnion('method', [
  z.object({ id, method: z.literal('hello') }),
  z.object({ id, method: z.literal('version') }),
  z.object({ id, method: z.literal('apply'), table: GatewayTable }),
  z.object({ id, method: z.literal('sessions'), serverId: z.string().optional() }),
  z.object({ id, method: z.literal('counters'), serverId: z.string().optional() }),
  z.object({ id, method: z.literal('cut'), serverId: z.string() }),
  z.object({ id, method: z.literal('connections'), after: z.int().optional(), before: z.int() }),
  z.object({ id, method: z.literal('stop') }),
]);
export type GatewayRequest = z.infer<typeof GatewayRequest>;

export const GatewayResponse = z.object({
  /** Null when the question could not be read. */
  id: id.nullable(),
  result: z.unknown().optional(),
  error: z.string().optional(),
});
export type GatewayResponse = z.infer<typeof GatewayResponse>;

export const TableVersion = Hello.pick({ version: true, epoch: true });
export type TableVersion = z.infer<typeof TableVersion>;

export const CutResult = z.object({ cut: z.int() });
