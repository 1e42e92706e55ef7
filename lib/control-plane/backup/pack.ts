import { mkdir, open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Pace } from './pace.ts';
import { FRAME_BYTES, readSealed, SealedWriter } from './sealed-file.ts';

/**
 * A folder in one stream: for each file the length of its description (4 bytes), the description (JSON: path, size) and
 * its bytes; a length of 0 ends it.
 */
interface Entry {
  path: string;
  bytes: number;
}

export interface Packed {
  files: number;
  dataBytes: number;
  storedBytes: number;
  /** Of the file. */
  checksum: string;
}

/** A small server's backup is over before it could be in anybody's way. */
const UNPACED_FRAMES = 32;

/** A disk that others wait for is not given more than this at once. */
const SYNC_FRAMES = 16;

/** @param roots name in the pack → folder or file. @param progress told of bytes. */
export async function packFolders(
  roots: Record<string, string>,
  target: string,
  key: Buffer,
  progress: (bytes: number) => void,
): Promise<Packed> {
  const writer = await SealedWriter.create(target, key);
  try {
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    let files = 0;
    let dataBytes = 0;
    const pace = new Pace();
    let frames = 0;
    let written: Promise<void> = Promise.resolve();
    let onDisk: Promise<void> = Promise.resolve();
    const flush = async () => {
      const frame = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      waiting = [];
      waitingBytes = 0;
      // One is written while the next is read and sealed.
      const before = written;
      written = writer.frame(frame, { compress: true });
      frames += 1;
      await before;
      if (frames % SYNC_FRAMES === 0) {
        // The disk writes while the next are sealed, so that little is left to wait for at the end.
        await onDisk;
        onDisk = writer.sync();
        onDisk.catch(() => {});
        if (pace.givesWay) await onDisk;
      }
      if (frames >= UNPACED_FRAMES) await pace.rest();
    };
    const put = async (data: Buffer) => {
      for (let at = 0; at < data.length;) {
        const piece = data.subarray(at, at + FRAME_BYTES - waitingBytes);
        waiting.push(piece);
        waitingBytes += piece.length;
        at += piece.length;
        if (waitingBytes === FRAME_BYTES) await flush();
      }
    };
    for (const [name, root] of Object.entries(roots)) {
      for await (const path of filesUnder(root)) {
        const file = await open(path, 'r');
        try {
          const bytes = (await file.stat()).size;
          const inside = relative(root, path);
          const entry: Entry = { path: inside === '' ? name : `${name}/${inside}`, bytes };
          const text = Buffer.from(JSON.stringify(entry));
          const length = Buffer.alloc(4);
          length.writeUInt32LE(text.length);
          await put(Buffer.concat([length, text]));
          let next = readPiece(file, 0, bytes);
          for (let done = 0; done < bytes;) {
            const piece = await next;
            if (piece.length === 0) throw new Error('A file of the copy became shorter while it was read.');
            done += piece.length;
            next = readPiece(file, done, bytes);
            // Where this one cannot be written, nobody waits for that one any more.
            next.catch(() => {});
            await put(piece);
            dataBytes += piece.length;
            progress(dataBytes);
          }
          await next;
          files += 1;
        } finally {
          await file.close();
        }
      }
    }
    await put(Buffer.alloc(4));
    if (waitingBytes > 0) await flush();
    await Promise.all([written, onDisk]);
    const checksum = await writer.finish();
    return { files, dataBytes, storedBytes: writer.bytes, checksum };
  } catch (failure) {
    await writer.abandon().catch(() => {});
    throw failure;
  }
}

/** At most a frame's worth; empty at the end. */
async function readPiece(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(bytes - at, FRAME_BYTES));
  if (buffer.length === 0) return buffer;
  return buffer.subarray(0, (await file.read(buffer, 0, buffer.length, at)).bytesRead);
}

async function* filesUnder(path: string): AsyncGenerator<string> {
  if (!(await stat(path)).isDirectory()) {
    yield path;
    return;
  }
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) yield* filesUnder(inside);
    else if (entry.isFile()) yield inside;
  }
}

/**
 * @param what.targets name in the pack → folder or file that it becomes.
 * @param what.checksum as it was told when it was packed.
 * @throws {DamagedFileError}
 */
export async function unpackFolders(
  source: string,
  key: Buffer,
  { targets, checksum }: { targets: Record<string, string>; checksum: string | null },
  progress: (bytes: number) => void,
): Promise<{ files: number }> {
  const parts = readSealed(source, key, { checksum });
  let rest: Buffer = Buffer.alloc(0);
  let files = 0;
  let done = 0;
  const more = async () => {
    const next = await parts.next();
    if (next.done) throw new Error('The backup ends within a file.');
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
  };
  const take = async (bytes: number) => {
    while (rest.length < bytes) await more();
    const taken = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    return taken;
  };
  try {
    for (;;) {
      const length = (await take(4)).readUInt32LE();
      if (length === 0) break;
      const entry = JSON.parse((await take(length)).toString()) as Entry;
      const path = placeOf(entry.path, targets);
      await mkdir(dirname(path), { recursive: true, mode: 0o750 });
      const file = await open(path, 'w', 0o600);
      let written: Promise<unknown> = Promise.resolve();
      try {
        for (let left = entry.bytes; left > 0;) {
          if (rest.length === 0) await more();
          const piece = rest.subarray(0, left);
          rest = rest.subarray(piece.length);
          left -= piece.length;
          // One is written while the next is unsealed.
          await written;
          written = file.writeFile(piece);
          done += piece.length;
          progress(done);
        }
        await written;
      } finally {
        await written.catch(() => {});
        await file.close();
      }
      files += 1;
    }
    // To the end: the last frame says that nothing is missing.
    while (!(await parts.next()).done);
    return { files };
  } finally {
    await parts.return(undefined);
  }
}

function placeOf(path: string, targets: Record<string, string>): string {
  const [name = '', ...inside] = path.split('/');
  const root = targets[name];
  if (root === undefined) throw new Error(`The backup has a part “${name}” that is not known here.`);
  const place = resolve(root, ...inside);
  if (place !== root && !place.startsWith(root + sep))
    throw new Error('The backup names a file outside of its folder.');
  return place;
}
