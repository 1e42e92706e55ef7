import { lengthEncoded } from './binlog-events.ts';

/** How rows of a table lie in the log: what is needed to count them. */
export interface TableMap {
  tableId: number;
  database: string;
  table: string;
  /** MySQL's column types, one byte each, and each one's metadata. */
  types: Buffer;
  metadata: number[];
}

const HEADER = 19;

/** Source: MySQL's source documentation, Table_map_event. */
export function readTableMap(event: Buffer): TableMap {
  const tableId = event.readUIntLE(HEADER, 6);
  let at = HEADER + 8;
  const databaseLength = event[at]!;
  const database = event.toString('utf8', at + 1, at + 1 + databaseLength);
  at += databaseLength + 2;
  const tableLength = event[at]!;
  const table = event.toString('utf8', at + 1, at + 1 + tableLength);
  at += tableLength + 2;
  const [columns, typesAt] = lengthEncoded(event, at);
  const types = event.subarray(typesAt, typesAt + columns);
  const [, metadataAt] = lengthEncoded(event, typesAt + columns);
  return { tableId, database, table, types, metadata: readMetadata(event, metadataAt, types) };
}

const TYPE = {
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longLong: 8,
  int24: 9,
  date: 10,
  time: 11,
  dateTime: 12,
  year: 13,
  varchar: 15,
  bit: 16,
  timestamp2: 17,
  dateTime2: 18,
  time2: 19,
  typedArray: 20,
  vector: 242,
  json: 245,
  newDecimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

const ONE_BYTE: readonly number[] = [
  TYPE.float,
  TYPE.double,
  TYPE.timestamp2,
  TYPE.dateTime2,
  TYPE.time2,
  TYPE.json,
  TYPE.vector,
  TYPE.tinyBlob,
  TYPE.mediumBlob,
  TYPE.longBlob,
  TYPE.blob,
  TYPE.geometry,
];
const TWO_BYTES: readonly number[] = [TYPE.varchar, TYPE.varString, TYPE.bit];
const TWO_BYTES_BIG: readonly number[] = [TYPE.newDecimal, TYPE.string, TYPE.enum, TYPE.set];

function readMetadata(event: Buffer, from: number, types: Buffer): number[] {
  let at = from;
  return [...types].map((type) => {
    if (ONE_BYTE.includes(type)) return event[at++]!;
    if (TWO_BYTES.includes(type)) return event.readUInt16LE((at += 2) - 2);
    if (TWO_BYTES_BIG.includes(type)) return event.readUInt16BE((at += 2) - 2);
    return 0;
  });
}

/**
 * How many rows an event writes, changes or deletes.
 *
 * @param images two for an update (before and after), one otherwise.
 * @returns undefined where a column's type is not known here.
 */
export function countRows(event: Buffer, map: TableMap, images: 1 | 2, checksum = true): number | undefined {
  const end = event.length - (checksum ? 4 : 0);
  const extra = event.readUInt16LE(HEADER + 8);
  const [columns, presentAt] = lengthEncoded(event, HEADER + 8 + extra);
  const bitmapBytes = Math.ceil(columns / 8);
  const present = Array.from({ length: images }, (_, image) => {
    const start = presentAt + image * bitmapBytes;
    return columnsIn(event.subarray(start, start + bitmapBytes), columns);
  });
  let at = presentAt + images * bitmapBytes;
  let count = 0;
  while (at < end) {
    for (const image of present) {
      const nulls = at;
      at += Math.ceil(image.length / 8);
      for (const [index, column] of image.entries()) {
        if (event[nulls + (index >> 3)]! & (1 << (index & 7))) continue;
        const size = fieldBytes(event, at, map.types[column]!, map.metadata[column]!);
        if (size === undefined) return undefined;
        at += size;
      }
    }
    count++;
  }
  return at === end ? count : undefined;
}

function columnsIn(bitmap: Buffer, columns: number): number[] {
  const found: number[] = [];
  for (let column = 0; column < columns; column++) {
    if (bitmap[column >> 3]! & (1 << (column & 7))) found.push(column);
  }
  return found;
}

const DIGIT_BYTES = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];
const FIXED: Readonly<Record<number, number>> = {
  [TYPE.tiny]: 1,
  [TYPE.short]: 2,
  [TYPE.long]: 4,
  [TYPE.float]: 4,
  [TYPE.double]: 8,
  [TYPE.null]: 0,
  [TYPE.timestamp]: 4,
  [TYPE.longLong]: 8,
  [TYPE.int24]: 3,
  [TYPE.date]: 3,
  [TYPE.time]: 3,
  [TYPE.dateTime]: 8,
  [TYPE.year]: 1,
};

function fieldBytes(event: Buffer, at: number, type: number, metadata: number): number | undefined {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  const fraction = Math.ceil(metadata / 2);
  switch (type) {
    case TYPE.varchar:
    case TYPE.varString:
      return metadata > 255 ? 2 + event.readUInt16LE(at) : 1 + event[at]!;
    case TYPE.bit:
      return (metadata >> 8) + ((metadata & 0xff) > 0 ? 1 : 0);
    case TYPE.timestamp2:
      return 4 + fraction;
    case TYPE.dateTime2:
      return 5 + fraction;
    case TYPE.time2:
      return 3 + fraction;
    case TYPE.newDecimal:
      return decimalBytes(metadata >> 8, metadata & 0xff);
    case TYPE.json:
    case TYPE.vector:
    case TYPE.tinyBlob:
    case TYPE.mediumBlob:
    case TYPE.longBlob:
    case TYPE.blob:
    case TYPE.geometry:
      return metadata + event.readUIntLE(at, metadata as 1 | 2 | 3 | 4);
    case TYPE.enum:
    case TYPE.set:
      return metadata & 0xff;
    case TYPE.string:
      return stringBytes(event, at, metadata);
    default:
      return undefined;
  }
}

function decimalBytes(precision: number, scale: number): number {
  const whole = precision - scale;
  return Math.floor(whole / 9) * 4 + DIGIT_BYTES[whole % 9]! + Math.floor(scale / 9) * 4 + DIGIT_BYTES[scale % 9]!;
}

/** CHAR, and ENUM and SET, which hide in it: the real type and the length share two bytes. */
function stringBytes(event: Buffer, at: number, metadata: number): number {
  const high = metadata >> 8;
  const low = metadata & 0xff;
  const type = high | 0x30;
  if (type === TYPE.enum || type === TYPE.set) return low;
  const most = (high & 0x30) === 0x30 ? low : low | (((high & 0x30) ^ 0x30) << 4);
  return most > 255 ? 2 + event.readUInt16LE(at) : 1 + event[at]!;
}
