import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passwordProblem, passwordRules } from './names.ts';
import { cryptoRandom, generatePassword } from './password-generator.ts';

test('every generated password meets every rule and starts with a letter', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
      const password = generatePassword((below) => numbers.next().value % below);
      expect(password).toHaveLength(20);
      expect(password).toMatch(/^[A-Za-z]/);
      expect(passwordRules(password).every(({ met }) => met)).toBe(true);
      expect(passwordProblem(password, 'shopadmin')).toBeUndefined();
    }),
  );
});

test('two passwords from the cryptographic source differ', () => {
  expect(generatePassword(cryptoRandom)).not.toBe(generatePassword(cryptoRandom));
});
