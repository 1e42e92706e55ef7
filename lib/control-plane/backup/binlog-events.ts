/**
 * What is read of a binary log's events. Offsets are within the whole event, its header of 19 bytes included.
 * Source: MySQL's source documentation, "Binary log events" (libbinlogevents).
 */

export const EVENT = {
  query: 2,
  stop: 3,
  rotate: 4,
  formatDescription: 15,
  xid: 16,
  tableMap: 19,
  heartbeat: 27,
  writeRows: 30,
  updateRows: 31,
  deleteRows: 32,
  gtid: 33,
  previousGtids: 35,
  transactionPayload: 40,
  heartbeatV2: 41,
  taggedGtid: 42,
} as const;

/** Every binary log file begins with these. */
export const BINLOG_MAGIC = Buffer.from([0xfe, 0x62, 0x69, 0x6e]);
const HEADER_BYTES = 19;
const CHECKSUM_BYTES = 4;

export interface EventHeader {
  type: number;
  serverId: number;
  /** Of the whole event. */
  size: number;
  /** Where the next event begins in the source's file; 0 in events that are in no file. */
  nextPosition: number;
}

export function readHeader(event: Buffer): EventHeader {
  return {
    type: event[4]!,
    serverId: event.readUInt32LE(5),
    size: event.readUInt32LE(9),
    nextPosition: event.readUInt32LE(13),
  };
}

/** What begins a transaction. */
export interface GtidEvent {
  /** `uuid`, or `uuid:tag`. */
  source: string;
  number: number;
  /** When it was committed on the server whose log this is: microseconds since 1970. */
  committedAt: number;
  /** Bytes of the whole transaction, this event included. */
  length: number;
}

export function gtidText({ source, number }: Pick<GtidEvent, 'source' | 'number'>): string {
  return `${source}:${number}`;
}

/** Reads a Gtid_log_event or a Gtid_tagged_log_event. */
export function readGtid(event: Buffer): GtidEvent {
  return event[4] === EVENT.taggedGtid ? readTaggedGtid(event) : readPlainGtid(event);
}

function readPlainGtid(event: Buffer): GtidEvent {
  const source = uuidText(event.subarray(20, 36));
  const number = Number(event.readBigInt64LE(36));
  // Kind of logical clock (1), last committed (8), sequence number (8).
  let at = 44 + 1 + 16;
  const { time, next } = commitTime(event, at);
  at = next;
  const [length] = lengthEncoded(event, at);
  return { source, number, committedAt: time, length };
}

/** 7 bytes; the highest bit says that the original's 7 bytes follow. */
function commitTime(event: Buffer, at: number): { time: number; next: number } {
  const low = event.readUIntLE(at, 6);
  const high = event[at + 6]!;
  return { time: low + (high & 0x7f) * 2 ** 48, next: at + (high & 0x80 ? 14 : 7) };
}

/**
 * MySQL's message format: version, length and last field that may not be unknown; then numbered fields. Numbers are
 * packed: as many low bits of the first byte are set as bytes follow.
 */
function readTaggedGtid(event: Buffer): GtidEvent {
  const reader = new PackedReader(event, HEADER_BYTES);
  reader.unsigned();
  const end = HEADER_BYTES + reader.unsigned();
  reader.unsigned();
  const found: { uuid?: string; tag: string; number?: number; committedAt?: number; length?: number } = { tag: '' };
  while (reader.at < end) {
    const field = reader.unsigned();
    if (field === 0) reader.unsigned();
    else if (field === 1) found.uuid = uuidText(Buffer.from(Array.from({ length: 16 }, () => reader.unsigned())));
    else if (field === 2) found.number = reader.signed();
    else if (field === 3) found.tag = reader.text();
    else if (field === 4 || field === 5) reader.signed();
    else if (field === 6) found.committedAt = reader.unsigned();
    else if (field === 7) reader.unsigned();
    else if (field === 8) found.length = reader.unsigned();
    else break;
  }
  const { uuid, tag, number, committedAt, length } = found;
  if (uuid === undefined || number === undefined || committedAt === undefined || length === undefined) {
    throw new Error('A tagged GTID event of the binary log could not be read.');
  }
  return { source: tag ? `${uuid}:${tag}` : uuid, number, committedAt, length };
}

class PackedReader {
  at: number;
  readonly #event: Buffer;

  constructor(event: Buffer, at: number) {
    this.#event = event;
    this.at = at;
  }

  unsigned(): number {
    return Number(this.#packed());
  }

  signed(): number {
    const packed = this.#packed();
    const magnitude = Number(packed >> 1n);
    return packed & 1n ? -magnitude - 1 : magnitude;
  }

  text(): string {
    const length = this.unsigned();
    const text = this.#event.toString('latin1', this.at, this.at + length);
    this.at += length;
    return text;
  }

  #packed(): bigint {
    const first = this.#event[this.at]!;
    let more = 0;
    while (more < 8 && first & (1 << more)) more++;
    const bytes = more + 1;
    let value = 0n;
    for (let index = bytes - 1; index >= 0; index--) value = (value << 8n) | BigInt(this.#event[this.at + index]!);
    this.at += bytes;
    return more === 8 ? value >> 8n : value >> BigInt(more + 1);
  }
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** @returns the number, and where what follows begins. */
export function lengthEncoded(buffer: Buffer, at: number): [number, number] {
  const first = buffer[at]!;
  if (first < 251) return [first, at + 1];
  if (first === 252) return [buffer.readUInt16LE(at + 1), at + 3];
  if (first === 253) return [buffer.readUIntLE(at + 1, 3), at + 4];
  return [Number(buffer.readBigUInt64LE(at + 1)), at + 9];
}

/** A statement in the log, and the schema that it was said in. */
export interface QueryEvent {
  schema: string;
  query: string;
}

/** @param checksum whether the event ends with one. */
export function readQuery(event: Buffer, checksum = true): QueryEvent {
  const schemaLength = event[HEADER_BYTES + 8]!;
  const variables = event.readUInt16LE(HEADER_BYTES + 11);
  const at = HEADER_BYTES + 13 + variables;
  return {
    schema: event.toString('utf8', at, at + schemaLength),
    query: event.toString('utf8', at + schemaLength + 1, event.length - (checksum ? CHECKSUM_BYTES : 0)),
  };
}

/** The file that follows, and where in it. */
export function readRotate(event: Buffer, checksum: boolean): { file: string; position: number } {
  return {
    position: Number(event.readBigUInt64LE(HEADER_BYTES)),
    file: event.toString('utf8', HEADER_BYTES + 8, event.length - (checksum ? CHECKSUM_BYTES : 0)),
  };
}

/** Whether the events of a file end with a CRC32. The description itself always has room for one. */
export function hasChecksums(formatDescription: Buffer): boolean {
  return formatDescription[formatDescription.length - CHECKSUM_BYTES - 1] === 1;
}
