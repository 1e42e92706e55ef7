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
 */
const MAGIC = Buffer.from('FDBACK01');
const SALT_BYTES = 32;
const HEAD_BYTES = MAGIC.length + SALT_BYTES;
const FRAME_HEAD_BYTES = 5;
const TAG_BYTES = 16;
const LAST = 1;
const COMPRESSED = 2;

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

/** Writes one sealed file, frame by frame; calls must not overlap. */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #key: Buffer;
  readonly #hash: Hash = createHash('sha256');
  #index = 0;
  /** What lies on disk so far. */
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
      await writer.#write(Buffer.concat([MAGIC, salt]));
    } catch (failure) {
      await file.close();
      throw failure;
    }
    return writer;
  }

  /** One frame of at most {@link FRAME_BYTES}. */
  async frame(plain: Buffer, { last = false, compress = false } = {}): Promise<void> {
    let flags = last ? LAST : 0;
    let body = plain;
    if (compress && plain.length > 0) {
      const small = zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
      if (small.length < plain.length * 0.95) {
        body = small;
        flags |= COMPRESSED;
      }
    }
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#index));
    cipher.setAAD(Buffer.from([flags]));
    const sealed = cipher.update(body);
    cipher.final();
    const head = Buffer.alloc(FRAME_HEAD_BYTES);
    head.writeUInt32LE(sealed.length, 0);
    head[4] = flags;
    this.#index += 1;
    await this.#write(Buffer.concat([head, sealed, cipher.getAuthTag()]));
  }

  /** Whole and closed. @returns SHA-256 of the file, hexadecimal. */
  async finish(): Promise<string> {
    await this.frame(Buffer.alloc(0), { last: true });
    await this.#file.sync();
    await this.#file.close();
    return this.#hash.digest('hex');
  }

  /** Leaves it as it is, without its last frame. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #write(data: Buffer): Promise<void> {
    for (let at = 0; at < data.length;) {
      at += (await this.#file.write(data, at, data.length - at, this.bytes + at)).bytesWritten;
    }
    this.#hash.update(data);
    this.bytes += data.length;
  }
}

/** What {@link readSealed} may be told. */
export interface ReadOptions {
  /** A file whose writer died has no last frame, and perhaps a torn one: end there instead of failing. */
  unfinished?: boolean;
}

/**
 * The plain frames of a sealed file, in order.
 *
 * @throws {DamagedFileError} at the first thing that is not as it was written.
 */
export async function* readSealed(path: string, key: Buffer, { unfinished = false }: ReadOptions = {}) {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    if ((await fill(file, head, 0)) < HEAD_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) {
      if (unfinished) return;
      throw new DamagedFileError(path, 0, 'its beginning is not that of a backup file');
    }
    const secret = fileKey(key, head.subarray(MAGIC.length));
    let at = HEAD_BYTES;
    for (let index = 0; ; index++) {
      const frameHead = Buffer.alloc(FRAME_HEAD_BYTES);
      if ((await fill(file, frameHead, at)) < FRAME_HEAD_BYTES) {
        if (unfinished) return;
        throw new DamagedFileError(path, at, 'it ends too early');
      }
      const length = frameHead.readUInt32LE(0);
      const flags = frameHead[4]!;
      if (length > SEALED_FRAME_LIMIT) throw new DamagedFileError(path, at, 'a length in it is wrong');
      const sealed = Buffer.alloc(length + TAG_BYTES);
      if ((await fill(file, sealed, at + FRAME_HEAD_BYTES)) < sealed.length) {
        if (unfinished) return;
        throw new DamagedFileError(path, at, 'it ends too early');
      }
      const plain = unseal(secret, index, flags, sealed);
      if (!plain) throw new DamagedFileError(path, at, 'its content was changed');
      at += FRAME_HEAD_BYTES + sealed.length;
      if (plain.length > 0) yield plain;
      if (flags & LAST) {
        if ((await fill(file, Buffer.alloc(1), at)) > 0)
          throw new DamagedFileError(path, at, 'something follows its end');
        return;
      }
    }
  } finally {
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

async function fill(file: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let have = 0;
  while (have < buffer.length) {
    const { bytesRead } = await file.read(buffer, have, buffer.length - have, position + have);
    if (bytesRead === 0) break;
    have += bytesRead;
  }
  return have;
}
