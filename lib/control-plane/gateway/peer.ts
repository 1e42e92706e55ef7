import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Files of /proc, so that tests can own them. */
type ReadProc = (path: string) => string;

/**
 * The user, by number, of the program of this machine at the other end of a connection over IPv4; undefined when there is
 * none: it has hung up already.
 *
 * Source: proc(5), /proc/net/tcp: addresses are 32 bits in the machine's own byte order, ports are plain, all hexadecimal.
 */
export function userOfPeer(
  socket: Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>,
  read: ReadProc = (path) => readFileSync(path, 'utf8'),
): number | undefined {
  const theirs = endpoint(socket.remoteAddress, socket.remotePort);
  const ours = endpoint(socket.localAddress, socket.localPort);
  if (!theirs || !ours) return undefined;
  for (const line of read('/proc/net/tcp').split('\n')) {
    const [, local, remote, , , , , user] = line.trim().split(/\s+/);
    // Seen from there: its own end is ours' remote one.
    if (local === theirs && remote === ours) return Number(user);
  }
  return undefined;
}

function endpoint(address: string | undefined, port: number | undefined): string | undefined {
  const bytes = address?.split('.').map(Number) ?? [];
  if (bytes.length !== 4 || port === undefined) return undefined;
  const hex = bytes.toReversed().map((byte) => byte.toString(16).padStart(2, '0'));
  return `${hex.join('')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}
