import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSealed, SealedWriter, type ReadOptions } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fd-sealed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = randomBytes(32);

async function read(path: string, options?: ReadOptions, withKey = key): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of readSealed(path, withKey, options)) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function write(name: string, parts: string[], { finish = true, compress = false } = {}): Promise<string> {
  const path = join(folder, name);
  const writer = await SealedWriter.create(path, key);
  for (const part of parts) await writer.frame(Buffer.from(part), { compress });
  if (finish) await writer.finish();
  else await writer.abandon();
  return path;
}

test('gives back what was written, and nothing of it is readable in the file', async () => {
  const path = await write('plain', ['the first secret', 'x'.repeat(5000)], { compress: true });
  expect(await read(path)).toBe(`the first secret${'x'.repeat(5000)}`);
  expect(readFileSync(path).includes('secret')).toBe(false);
  await expect(read(path, {}, randomBytes(32))).rejects.toThrow('its content was changed');
});

test('finds and names a flipped bit anywhere', async () => {
  const path = await write('flip', ['one', 'two', 'three']);
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 1 << (at % 8);
    writeFileSync(path, changed);
    await expect(read(path), `byte ${at}`).rejects.toThrow(/The backup file flip is damaged at byte \d+/);
  }
});

test('a file cut short anywhere is no whole file, and as an unfinished one ends at its last whole frame', async () => {
  const path = await write('cut', ['one', 'two'], { finish: false });
  await expect(read(path)).rejects.toThrow('it ends too early');
  expect(await read(path, { unfinished: true })).toBe('onetwo');
  truncateSync(path, readFileSync(path).length - 1);
  expect(await read(path, { unfinished: true })).toBe('one');
});

test('frames cannot change places', async () => {
  const path = await write('swap', ['aaa', 'bbb']);
  const whole = readFileSync(path);
  const size = 5 + 3 + 16;
  const swapped = Buffer.concat([
    whole.subarray(0, 40),
    whole.subarray(40 + size, 40 + 2 * size),
    whole.subarray(40, 40 + size),
    whole.subarray(40 + 2 * size),
  ]);
  writeFileSync(path, swapped);
  await expect(read(path)).rejects.toThrow('damaged at byte 40');
});

test('a whole file in the place of another is found by its checksum', async () => {
  const checksums = new Map<string, string>();
  for (const name of ['newer', 'older']) {
    const writer = await SealedWriter.create(join(folder, name), key);
    await writer.frame(Buffer.from(name));
    checksums.set(name, await writer.finish());
  }
  const path = join(folder, 'newer');
  expect(await read(path, { checksum: checksums.get('newer')! })).toBe('newer');
  writeFileSync(path, readFileSync(join(folder, 'older')));
  await expect(read(path, { checksum: checksums.get('newer')! })).rejects.toThrow(
    'it is another file than was written',
  );
  // Those of files that were written before have another kind.
  expect(await read(path, { checksum: 'ab'.repeat(32) })).toBe('older');
});
