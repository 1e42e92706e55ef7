/**
 * The beginning of MySQL's client/server protocol, as a client sees it. A packet is a 3-byte length (low byte first), a
 * sequence number, and that many bytes of payload.
 *
 * Source: MySQL's source code documentation, "Connection Phase Packets" and "ERR_Packet".
 */
const HEADER_BYTES = 4;
const ERR = 0xff;
const PROTOCOL_10 = 10;
const CLIENT_SSL = 0x800;
const CLIENT_PROTOCOL_41 = 0x200;
const CLIENT_SECURE_CONNECTION = 0x8000;
const UTF8MB4 = 255;
/** Thread id, eight bytes of the challenge, a filler; then the lower half of the capabilities. */
const CAPABILITIES_AFTER_VERSION = 4 + 8 + 1;

export type FirstPacket =
  | { kind: 'greeting'; serverVersion: string; offersTls: boolean; bytes: number }
  | { kind: 'error'; errno: number; message: string }
  | { kind: 'unknown' };

/** Reads what a server says first; undefined while bytes are missing. */
export function readFirstPacket(bytes: Buffer): FirstPacket | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const end = HEADER_BYTES + bytes.readUIntLE(0, 3);
  const kind = bytes[HEADER_BYTES];
  // Not MySQL at all: its "length" may never arrive.
  if (kind !== undefined && kind !== ERR && kind !== PROTOCOL_10) return { kind: 'unknown' };
  if (bytes.length < end) return undefined;
  const payload = bytes.subarray(HEADER_BYTES, end);
  if (kind === ERR && payload.length >= 3) {
    const text = payload.subarray(3).toString('utf8');
    return { kind: 'error', errno: payload.readUInt16LE(1), message: text.replace(/^#[0-9A-Z]{5}/, '') };
  }
  const versionEnd = payload.indexOf(0, 1);
  const at = versionEnd + 1 + CAPABILITIES_AFTER_VERSION;
  if (kind !== PROTOCOL_10 || versionEnd === -1 || payload.length < at + 2) return { kind: 'unknown' };
  return {
    kind: 'greeting',
    serverVersion: payload.subarray(1, versionEnd).toString('latin1'),
    offersTls: (payload.readUInt16LE(at) & CLIENT_SSL) !== 0,
    bytes: end,
  };
}

/** Asks for TLS in answer to a greeting; what follows on the connection is TLS's own handshake. */
export function sslRequest(): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + 32);
  packet.writeUIntLE(32, 0, 3);
  packet[3] = 1;
  packet.writeUInt32LE(CLIENT_SSL | CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION, HEADER_BYTES);
  packet.writeUInt32LE(2 ** 24 - 1, HEADER_BYTES + 4);
  packet[HEADER_BYTES + 8] = UTF8MB4;
  return packet;
}
