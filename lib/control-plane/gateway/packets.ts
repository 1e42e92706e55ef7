/**
 * The little of MySQL's client/server protocol that the gateway reads and writes. A packet is a 3-byte length (low byte
 * first), a sequence number, and that many bytes of payload.
 *
 * Source: MySQL's source code documentation, "Connection Phase Packets" and "ERR_Packet".
 */
const HEADER_BYTES = 4;
const CLIENT_SSL = 0x800;
/** Client flags, maximum packet size, character set and filler: an SSLRequest has nothing else. */
const SSL_REQUEST_PAYLOAD_BYTES = 32;
const PROTOCOL_10 = 10;
const ERR = 0xff;

/** The bytes that {@link readClientStart} needs: header and the lower half of the capabilities. */
const CLIENT_START_BYTES = HEADER_BYTES + 2;

/**
 * An ERR packet. Without `sqlState` it has the form for clients that did not tell their capabilities yet: before the
 * handshake, and with sequence 0.
 */
export function errorPacket(sequence: number, errno: number, message: string, sqlState?: string): Buffer {
  const text = Buffer.from(sqlState === undefined ? message : `#${sqlState}${message}`);
  const packet = Buffer.allocUnsafe(HEADER_BYTES + 3 + text.length);
  packet.writeUIntLE(3 + text.length, 0, 3);
  packet[3] = sequence & 0xff;
  packet[4] = ERR;
  packet.writeUInt16LE(errno, 5);
  text.copy(packet, 7);
  return packet;
}

/**
 * Reads the connection id from the beginning of what mysqld sends.
 *
 * @returns the id; `'none'` when there will be none (mysqld's first packet is an error, or no greeting);
 *   `'more'` while bytes are missing.
 */
export function readConnectionId(bytes: Uint8Array): number | 'none' | 'more' {
  const protocol = bytes[HEADER_BYTES];
  if (protocol === undefined) return 'more';
  if (protocol !== PROTOCOL_10) return 'none';
  const payloadEnd = HEADER_BYTES + ((bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16));
  const versionEnd = bytes.indexOf(0, HEADER_BYTES + 1);
  const end = versionEnd + 1 + 4;
  if (versionEnd === -1) return bytes.length >= payloadEnd ? 'none' : 'more';
  if (end > payloadEnd) return 'none';
  if (bytes.length < end) return 'more';
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(versionEnd + 1, true);
}

/**
 * Reads the beginning of a client's first packet.
 *
 * @returns `'more'` while bytes are missing. `asksForTls` is true for an SSLRequest alone: a whole login that merely
 *   sets the flag carries its user name in the clear.
 */
export function readClientStart(bytes: Uint8Array): { sequence: number; asksForTls: boolean } | 'more' {
  if (bytes.length < CLIENT_START_BYTES) return 'more';
  const [b0 = 0, b1 = 0, b2 = 0, sequence = 0, flags0 = 0, flags1 = 0] = bytes;
  const payloadBytes = b0 | (b1 << 8) | (b2 << 16);
  const flags = flags0 | (flags1 << 8);
  return { sequence, asksForTls: payloadBytes === SSL_REQUEST_PAYLOAD_BYTES && (flags & CLIENT_SSL) !== 0 };
}
