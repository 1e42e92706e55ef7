import { expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '0.98 KiB'],
  [1536, '1.5 KiB'],
  [1_300_000_000, '1.21 GiB'],
  [2 ** 60, '1024 PiB'],
])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
