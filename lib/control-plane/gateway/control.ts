import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import * as z from 'zod';
import type { Gateway } from './gateway.ts';
import { readLines, writeLine } from './lines.ts';
import { GatewayRequest, type GatewayResponse, type Hello } from './protocol.ts';

/** Another gateway works on this socket. */
export class AlreadyRunningError extends Error {
  constructor(socketPath: string) {
    super(`Another gateway is running on ${socketPath}.`);
    this.name = 'AlreadyRunningError';
  }
}

export interface ControlInput {
  gateway: Gateway;
  /** In a folder that only the owner may enter. */
  socketPath: string;
  hello: Pick<Hello, 'protocol' | 'pid' | 'startedAt'>;
  /** A daemon asked for the end; the answer is out. */
  onStop: () => void;
}

/**
 * Answers daemons on the control socket. Daemons come and go, and may overlap for a moment.
 *
 * @throws {AlreadyRunningError}
 */
export async function listenForDaemons(input: ControlInput): Promise<Server> {
  const { socketPath } = input;
  const folder = statSync(dirname(socketPath));
  if ((folder.mode & 0o077) !== 0) throw new Error(`Others can enter ${dirname(socketPath)}. Make its mode 0700.`);
  await lock(`${folder.dev}/${folder.ino}/${basename(socketPath)}`, socketPath);
  rmSync(socketPath, { force: true });
  const server = createServer((socket) => answer(socket, input));
  server.listen(socketPath);
  await once(server, 'listening');
  chmodSync(socketPath, 0o600);
  return server;
}

/**
 * The socket's file stays behind a killed gateway, so it says nothing, and of two gateways that both find such a file
 * each could remove the other's. A name in Linux's abstract socket namespace ends with its process.
 */
async function lock(place: string, socketPath: string): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0flexdeck-gateway-${createHash('sha256').update(place).digest('hex').slice(0, 32)}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new AlreadyRunningError(socketPath);
    throw cause;
  }
}

function answer(socket: Socket, input: ControlInput): void {
  socket.on('error', () => socket.destroy());
  readLines(socket, (line) => {
    void respond(line, input).then((response) => {
      if (socket.writable) writeLine(socket, response);
    });
  });
}

async function respond(line: string, input: ControlInput): Promise<GatewayResponse> {
  let id: number | null = null;
  try {
    const question: unknown = JSON.parse(line);
    id = z.object({ id: z.int() }).parse(question).id;
    return { id, result: await handle(GatewayRequest.parse(question), input) };
  } catch (cause) {
    return { id, error: cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message };
  }
}

async function handle(request: GatewayRequest, { gateway, hello, onStop }: ControlInput): Promise<unknown> {
  switch (request.method) {
    case 'hello':
      return { ...hello, ...gateway.version } satisfies Hello;
    case 'version':
      return gateway.version;
    case 'apply':
      return gateway.apply(request.table);
    case 'sessions':
      return gateway.sessions(request.serverId);
    case 'counters':
      return gateway.counters(request.serverId);
    case 'connections':
      return gateway.connections.since(request.after, request.before);
    case 'cut':
      return { cut: gateway.cut(request.serverId) };
    case 'stop':
      gateway.close();
      setImmediate(onStop);
      return {};
  }
}
