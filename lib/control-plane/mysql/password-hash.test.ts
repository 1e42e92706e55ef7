import { expect, test } from 'vitest';
import { cachingSha2PasswordHash } from './password-hash.ts';

test('is what MySQL stores: rounds, 20 salt characters, 43 of digest', () => {
  const text = Buffer.from(cachingSha2PasswordHash('Correct-horse-1'), 'hex').toString('latin1');
  expect(text).toMatch(/^\$A\$005\$[./0-9A-Za-z]{20}[./0-9A-Za-z]{43}$/);
});

test('never the same twice, for the salt is random', () => {
  expect(cachingSha2PasswordHash('same')).not.toBe(cachingSha2PasswordHash('same'));
});
