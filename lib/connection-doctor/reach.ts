import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from 'node:tls';
import { readFirstPacket, sslRequest, type FirstPacket } from './protocol.ts';

/** Addresses of a name, IPv4 first, since firewall rules are for those. @throws with the resolver's code. */
export async function resolveName(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
}

/** Connects. The socket is the caller's to destroy. @throws with the system's code; ETIMEDOUT after `timeoutMs`. */
export function openPort(address: string, port: number, timeoutMs: number): Promise<Socket> {
  const socket = connect(port, address);
  return settled(socket, timeoutMs, (resolve) => socket.once('connect', () => resolve(socket)));
}

/** What the server says first. @throws when it says nothing in time, or hangs up. */
export function readGreeting(socket: Socket, timeoutMs: number): Promise<FirstPacket> {
  let bytes = Buffer.alloc(0);
  return settled(socket, timeoutMs, (resolve, reject) => {
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const packet = readFirstPacket(bytes);
      if (!packet) return;
      socket.pause();
      socket.off('data', onData);
      resolve(packet);
    };
    socket.on('data', onData);
    socket.once('end', () => reject(new Error('It closed the connection without a word.')));
  });
}

export interface TlsFacts {
  protocol: string;
  cipher: string;
  /** Undefined when the authority and the name are right; otherwise what is not. */
  problem: { kind: 'authority' | 'name'; message: string } | undefined;
  certificate: PeerCertificate;
  /** A DNS name that the certificate has: the host itself where it is one. */
  certificateName: string | undefined;
}

/**
 * Turns a connection whose greeting was read into TLS, and looks at the server's certificate. Nothing is sent over it.
 *
 * @param ca PEM; undefined for the public authorities.
 */
export function openTls(
  socket: Socket,
  { host, ca, timeoutMs }: { host: string; ca: string | undefined; timeoutMs: number },
): Promise<TlsFacts> {
  socket.write(sslRequest());
  const secure = connectTls({
    socket,
    ...(ca !== undefined && { ca }),
    ...(isIP(host) ? {} : { servername: host }),
    minVersion: 'TLSv1.2',
    // It is judged below, so that the report can say what exactly is wrong.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  return settled(secure, timeoutMs, (resolve) =>
    secure.once('secureConnect', () => {
      const certificate = secure.getPeerCertificate();
      const nameProblem = checkServerIdentity(host, certificate);
      const problem = secure.authorizationError
        ? { kind: 'authority' as const, message: String(secure.authorizationError) }
        : nameProblem
          ? { kind: 'name' as const, message: nameProblem.message }
          : undefined;
      resolve({
        protocol: secure.getProtocol() ?? 'TLS',
        cipher: secure.getCipher().standardName,
        problem,
        certificate,
        certificateName: isIP(host) ? firstName(certificate) : host,
      });
      secure.destroy();
    }),
  );
}

function firstName(certificate: PeerCertificate): string | undefined {
  return /(?:^|, )DNS:([^,*]+)(?:,|$)/.exec(certificate.subjectaltname ?? '')?.[1]?.trim();
}

/** Resolves as `listen` says, unless the socket fails or the time is over first; then it is destroyed. */
function settled<Value>(
  socket: Socket,
  timeoutMs: number,
  listen: (resolve: (value: Value) => void, reject: (failure: Error) => void) => void,
): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const fail = (failure: Error) => {
      finish();
      socket.destroy();
      reject(failure);
    };
    const timer = setTimeout(
      () => fail(Object.assign(new Error(`No answer within ${timeoutMs / 1000} s.`), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    const onClose = () => fail(new Error('It closed the connection without a word.'));
    const finish = () => {
      clearTimeout(timer);
      socket.off('close', onClose);
    };
    socket.on('error', fail);
    socket.on('close', onClose);
    listen((value) => {
      finish();
      resolve(value);
    }, fail);
  });
}
