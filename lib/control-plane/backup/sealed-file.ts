import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';

/**
 * How everything in a backup store is written: frames, each encrypted and authenticated by itself (AES-256-GCM), so that
 * one is read back as soon as it is written, and a changed, missing, moved or foreign frame is found and named.
 *
 *     file  = magic (8) salt (32) frame…
 *     frame = length of the ciphertext (4) flags (1) ciphertext tag (16)
 *
 * The key of a file is derived from the server's key and the salt; the nonce is the frame's number, which is in the
 * authenticated data with the flags. The last frame of a finished file says so: a file cut short is no whole file.
 *
 * A file's checksum is the SHA-256 of its magic, its salt, and the length, flags and tag of each of its frames: the tags
 * stand for what they authenticate. By it a file is known again that was put in the place of another.
 */
const MAGIC = Buffer.from('FDBACK01');
const SALT_BYTES = 32;
const HEAD_BYTES = MAGIC.length + SALT_BYTES;
const FRAME_HEAD_BYTES = 5;
const TAG_BYTES = 16;
const LAST = 1;
const COMPRESSED = 2;

/** What a checksum of this kind begins with; those of older files are of all their bytes, and not looked at. */
const CHECKSUM = 'frames-sha256:';

const AHEAD_BYTES = 4 * 1024 * 1024;

/** Plain bytes in a frame at most. */
export const FRAME_BYTES = 1024 * 1024;
const SEALED_FRAME_LIMIT = FRAME_BYTES + 64 * 1024;

/** A file of the store is not what was written. */
export class DamagedFileError extends Error {
  /** Without its folder. */
  readonly file: string;
  /** Where in it, in bytes. */
  readonly offset: number;

  constructor(path: string, offset: number, why: string) {
    super(`The backup file ${basename(path)} is damaged at byte ${offset}: ${why}.`);
    this.name = 'DamagedFileError';
    this.file = basename(path);
    this.offset = offset;
  }
}

function fileKey(key: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, 'flexdeck backup file', 32));
}

function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
}

/** A frame is worth compressing when these samples of it are: encrypted pages never are, and trying takes long. */
const SAMPLES = 16;
const SAMPLE_BYTES = 256;

/** Writes one sealed file, frame by frame. */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #key: Buffer;
  readonly #hash: Hash = createHash('sha256');
  #index = 0;
  /** The write under way; those after it take their turn. */
  #written: Promise<void> = Promise.resolve();
  /** What lies on disk, once all frames are written. */
  bytes = 0;

  private constructor(file: FileHandle, key: Buffer) {
    this.#file = file;
    this.#key = key;
  }

  /** @param path must not exist yet. */
  static async create(path: string, key: Buffer): Promise<SealedWriter> {
    const salt = randomBytes(SALT_BYTES);
    const file = await open(path, 'wx', 0o600);
    const writer = new SealedWriter(file, fileKey(key, salt));
    try {
      writer.#hash.update(MAGIC).update(salt);
      await writer.#write([MAGIC, salt]);
    } catch (failure) {
      await file.close();
      throw failure;
    }
    return writer;
  }

  /**
   * One frame of at most {@link FRAME_BYTES}. It is sealed at once, so the next may be given before this one is written:
   * they are written in that order.
   */
  frame(plain: Buffer, { last = false, compress = false } = {}): Promise<void> {
    let flags = last ? LAST : 0;
    let body = plain;
    const small = compress && plain.length > 0 && isWorthCompressing(plain) ? compressed(plain) : undefined;
    if (small) {
      body = small;
      flags |= COMPRESSED;
    }
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#index));
    cipher.setAAD(Buffer.from([flags]));
    const sealed = cipher.update(body);
    cipher.final();
    const head = Buffer.alloc(FRAME_HEAD_BYTES);
    head.writeUInt32LE(sealed.length, 0);
    head[4] = flags;
    this.#index += 1;
    const tag = cipher.getAuthTag();
    this.#hash.update(head).update(tag);
    return this.#write([head, sealed, tag]);
  }

  /** What has been given is on the disk. */
  async sync(): Promise<void> {
    await this.#written;
    await this.#file.datasync();
  }

  /** Whole and closed. @returns the file's checksum. */
  async finish(): Promise<string> {
    await this.frame(Buffer.alloc(0), { last: true });
    await this.#file.sync();
    await this.#file.close();
    return CHECKSUM + this.#hash.digest('hex');
  }

  /** Leaves it as it is, without its last frame. */
  async abandon(): Promise<void> {
    await this.#written.catch(() => {});
    await this.#file.close();
  }

  #write(parts: Buffer[]): Promise<void> {
    const at = this.bytes;
    for (const { length } of parts) this.bytes += length;
    const written = this.#written.then(() => writeAll(this.#file, parts, at));
    this.#written = written;
    // Whoever waits for it hears of its failure; so do all that come after it.
    written.catch(() => {});
    return written;
  }
}

/** Undefined where it hardly becomes smaller. */
function compressed(plain: Buffer): Buffer | undefined {
  const small = zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return small.length < plain.length * 0.95 ? small : undefined;
}

function isWorthCompressing(plain: Buffer): boolean {
  if (plain.length <= SAMPLES * SAMPLE_BYTES) return true;
  const step = Math.floor((plain.length - SAMPLE_BYTES) / (SAMPLES - 1));
  const samples = Array.from({ length: SAMPLES }, (_, index) =>
    plain.subarray(index * step, index * step + SAMPLE_BYTES),
  );
  return compressed(Buffer.concat(samples)) !== undefined;
}

async function writeAll(file: FileHandle, parts: readonly Buffer[], position: number): Promise<void> {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await file.writev(parts, position);
  if (bytesWritten === bytes) return;
  const all = Buffer.concat(parts);
  for (let at = bytesWritten; at < bytes;) {
    at += (await file.write(all, at, bytes - at, position + at)).bytesWritten;
  }
}

/** What {@link readSealed} may be told. */
export interface ReadOptions {
  /** A file whose writer died has no last frame, and perhaps a torn one: end there instead of failing. */
  unfinished?: boolean;
  /** As its writer said; null where that is not known. */
  checksum?: string | null | undefined;
}

/**
 * The plain frames of a sealed file, in order.
 *
 * @throws {DamagedFileError} at the first thing that is not as it was written.
 */
export async function* readSealed(path: string, key: Buffer, { unfinished = false, checksum }: ReadOptions = {}) {
  const file = await open(path, 'r');
  const ahead = new ReadAhead(file);
  try {
    const head = await ahead.take(HEAD_BYTES);
    if (head.length < HEAD_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) {
      if (unfinished) return;
      throw new DamagedFileError(path, 0, 'its beginning is not that of a backup file');
    }
    const secret = fileKey(key, head.subarray(MAGIC.length));
    const hash = createHash('sha256').update(head);
    let at = HEAD_BYTES;
    for (let index = 0; ; index++) {
      const frameHead = await ahead.take(FRAME_HEAD_BYTES);
      if (frameHead.length < FRAME_HEAD_BYTES) {
        if (unfinished) return;
        throw new DamagedFileError(path, at, 'it ends too early');
      }
      const length = frameHead.readUInt32LE(0);
      const flags = frameHead[4]!;
      if (length > SEALED_FRAME_LIMIT) throw new DamagedFileError(path, at, 'a length in it is wrong');
      const sealed = await ahead.take(length + TAG_BYTES);
      if (sealed.length < length + TAG_BYTES) {
        if (unfinished) return;
        throw new DamagedFileError(path, at, 'it ends too early');
      }
      const plain = unseal(secret, index, flags, sealed);
      if (!plain) throw new DamagedFileError(path, at, 'its content was changed');
      hash.update(frameHead).update(sealed.subarray(length));
      at += FRAME_HEAD_BYTES + sealed.length;
      if (plain.length > 0) yield plain;
      if (flags & LAST) {
        if ((await ahead.take(1)).length > 0) throw new DamagedFileError(path, at, 'something follows its end');
        if (checksum?.startsWith(CHECKSUM) && checksum !== CHECKSUM + hash.digest('hex')) {
          throw new DamagedFileError(path, 0, 'it is another file than was written');
        }
        return;
      }
    }
  } finally {
    await ahead.end();
    await file.close();
  }
}

function unseal(key: Buffer, index: number, flags: number, sealed: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index));
    decipher.setAAD(Buffer.from([flags]));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const body = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    decipher.final();
    return flags & COMPRESSED ? zstdDecompressSync(body) : body;
  } catch {
    return undefined;
  }
}

/** Reads a file from its beginning on; what comes next is read while what came is worked on. */
class ReadAhead {
  readonly #file: FileHandle;
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);
  #next: Promise<Buffer>;

  constructor(file: FileHandle) {
    this.#file = file;
    this.#next = this.#read();
  }

  /** So many bytes; fewer at the end of the file. */
  async take(bytes: number): Promise<Buffer> {
    while (this.#rest.length < bytes) {
      const more = await this.#next;
      if (more.length === 0) break;
      this.#next = this.#read();
      this.#rest = this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more]);
    }
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Nothing is being read any more. */
  async end(): Promise<void> {
    await this.#next.catch(() => {});
  }

  #read(): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(AHEAD_BYTES);
    const read = this.#file.read(buffer, 0, AHEAD_BYTES, this.#position).then(({ bytesRead }) => {
      this.#position += bytesRead;
      return buffer.subarray(0, bytesRead);
    });
    // Whoever takes it hears of its failure.
    read.catch(() => {});
    return read;
  }
}
