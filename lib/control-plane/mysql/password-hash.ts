import { createHash, randomInt } from 'node:crypto';

/** MySQL's digits of base 64, least significant first (SHA-crypt, https://www.akkadia.org/drepper/SHA-crypt.txt). */
const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SALT_BYTES = 20;
const ROUNDS = 5000;

/** A whole number, evenly distributed, from 0 to below the limit. */
export type RandomBelow = (limit: number) => number;

/**
 * What MySQL stores of a password with caching_sha2_password, so that the clear one needs neither be kept nor journaled:
 * `$A$005$`, 20 salt characters, 43 of SHA-crypt's SHA-256 (here without glibc's limit of 16 for the salt).
 *
 * @returns hexadecimal without `0x`, as `IDENTIFIED WITH caching_sha2_password AS 0x…` takes it.
 */
export function cachingSha2PasswordHash(password: string, randomBelow: RandomBelow = randomInt): string {
  const salt = Buffer.from(Array.from({ length: SALT_BYTES }, () => DIGITS.charCodeAt(randomBelow(DIGITS.length))));
  const digest = shaCrypt(Buffer.from(password, 'utf8'), salt, ROUNDS);
  const rounds = (ROUNDS / 1000).toString(16).toUpperCase().padStart(3, '0');
  return Buffer.concat([Buffer.from(`$A$${rounds}$`), salt, Buffer.from(digest)]).toString('hex');
}

/** SHA-crypt with SHA-256, step by step as its specification numbers them. */
function shaCrypt(password: Buffer, salt: Buffer, rounds: number): string {
  const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const stretched = (digest: Buffer, length: number) => Buffer.alloc(length, digest);

  const alternate = sha256(password, salt, password); // 4 to 8
  const start = [password, salt, stretched(alternate, password.length)]; // 1 to 3, 9, 10
  for (let length = password.length; length > 0; length >>= 1) start.push(length & 1 ? alternate : password); // 11
  let digest = sha256(...start); // 12

  const repeatedPassword = stretched(sha256(...Array<Buffer>(password.length).fill(password)), password.length); // 13 to 16
  const repeatedSalt = stretched(sha256(...Array<Buffer>(16 + digest[0]!).fill(salt)), salt.length); // 17 to 20
  for (let round = 0; round < rounds; round++) {
    const parts = [round & 1 ? repeatedPassword : digest]; // 21
    if (round % 3 !== 0) parts.push(repeatedSalt);
    if (round % 7 !== 0) parts.push(repeatedPassword);
    parts.push(round & 1 ? digest : repeatedPassword);
    digest = sha256(...parts);
  }
  return encode(digest);
}

/** 22 e: three bytes at a time, in the specification's order, four digits each; the last two bytes give three. */
function encode(digest: Buffer): string {
  let out = '';
  const put = (bits: number, digits: number) => {
    for (let count = 0; count < digits; count++) out += DIGITS[(bits >> (6 * count)) & 63];
  };
  for (let step = 0, [a, b, c] = [0, 10, 20] as [number, number, number]; step < 10; step++) {
    put((digest[a]! << 16) | (digest[b]! << 8) | digest[c]!, 4);
    [a, b, c] = [c + 1, a + 1, b + 1];
  }
  put((digest[31]! << 8) | digest[30]!, 3);
  return out;
}
