import { expect, test } from 'vitest';
import { findAccountByName } from '../store/accounts.ts';
import { openControlDatabase } from '../store/database.ts';
import { ensureLocalAccounts } from './accounts.ts';
import { createSignInLink, redeemSignInLink } from './one-time-links.ts';
import { createPasswordAttempts } from './password-attempts.ts';
import { hashPassword, isPassword } from './password.ts';

test('a hash knows its password, in either Unicode form, and no other', async () => {
  const hash = await hashPassword('Gru\u0308n ist die Heide');
  expect(await isPassword('Gr\u00fcn ist die Heide', hash)).toBe(true);
  expect(await isPassword('grün ist die heide', hash)).toBe(false);
  expect(hash).not.toBe(await hashPassword('Gru\u0308n ist die Heide'));
});

test.each(['elevenchars', 'x'.repeat(257)])('a password of %j is refused', async (password) => {
  await expect(hashPassword(password)).rejects.toMatchObject({ code: 'InvalidPassword' });
});

test('guessing gets slower up to a minute, for that account only, and ends with the right password', () => {
  let now = 0;
  const attempts = createPasswordAttempts({ now: () => now });
  const fail = () => {
    attempts.failed('owner');
    const wait = attempts.waitSeconds('owner');
    now += wait * 1000;
    return wait;
  };
  expect(Array.from({ length: 12 }, fail)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
  expect(attempts.waitSeconds('owner')).toBe(0);
  attempts.failed('owner');
  expect(attempts.waitSeconds('reader')).toBe(0);
  attempts.succeeded('owner');
  expect(attempts.waitSeconds('owner')).toBe(0);
});

test('a link works once and for ten minutes, and its secret is not in the store', () => {
  const database = openControlDatabase(':memory:');
  let id = 0;
  ensureLocalAccounts(database, 'sub', () => `id-${++id}`);
  const make = (name: string) =>
    createSignInLink(database, 'http://localhost:8444', name, 0).split('#') as [string, string];
  const [page, secret] = make('reader');
  expect(page).toBe('http://localhost:8444/sign-in');
  expect(JSON.stringify(database.prepare('SELECT * FROM sign_in_links').all())).not.toContain(secret);
  expect(redeemSignInLink(database, secret, 599_999)).toEqual(findAccountByName(database, 'reader@local'));
  expect(redeemSignInLink(database, secret, 599_999)).toBeUndefined();
  const [, late] = make('owner@local');
  expect(redeemSignInLink(database, late, 600_000)).toBeUndefined();
  expect(() => make('nobody')).toThrow('The accounts are: owner@local, contributor@local, reader@local.');
  database.close();
});
