import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimAddressBlock } from './address-block.ts';

let folder: string;
let registry: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fd-blocks-'));
  registry = join(folder, 'registry');
});
afterEach(() => rmSync(folder, { recursive: true }));

function makeHome(name: string): string {
  const home = join(folder, name);
  mkdirSync(home);
  writeFileSync(join(home, 'home.json'), '{}');
  return home;
}

test('homes get blocks of their own, also when they ask at once', async () => {
  const homes = Array.from({ length: 12 }, (_, index) => makeHome(`home-${index}`));
  const blocks = await Promise.all(homes.map((home) => claimAddressBlock(home, undefined, registry)));
  expect(new Set(blocks).size).toBe(12);
  for (const block of blocks) expect(block).toMatch(/^127\.83\.\d+$/);
});

test('a home keeps its block', async () => {
  const [one, other] = [makeHome('one'), makeHome('other')];
  const block = await claimAddressBlock(one, undefined, registry);
  expect(await claimAddressBlock(one, block, registry)).toBe(block);
  // After a restart of the machine the registry is empty: what the home remembers holds.
  rmSync(registry, { recursive: true });
  expect(await claimAddressBlock(one, '127.83.99', registry)).toBe('127.83.99');
  expect(await claimAddressBlock(other, '127.83.99', registry)).toBe('127.83.100');
});

test('the block of a home that is gone is free', async () => {
  const gone = makeHome('gone');
  const block = await claimAddressBlock(gone, '127.83.7', registry);
  rmSync(gone, { recursive: true });
  expect(await claimAddressBlock(makeHome('next'), block, registry)).toBe(block);
  expect(readdirSync(registry)).toEqual(['7']);
});
