import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressRangeProblem,
  administratorLoginProblem,
  databaseNameProblem,
  freeName,
  firewallRuleNameProblem,
  formatIpv4,
  parseIpv4,
  passwordProblem,
  resourceGroupNameProblem,
  serverNameProblem,
  tagsProblem,
} from './names.ts';

describe('server names', () => {
  it.each(['abc', 'orders-prod', '0a1', 'a'.repeat(63)])('takes %s', (name) => {
    expect(serverNameProblem(name)).toBeUndefined();
  });
  it.each(['ab', '', 'a'.repeat(64), '-abc', 'abc-', 'Orders', 'a_b', 'a.b', 'ünder', 'a b c', "a';drop"])(
    'refuses “%s” with a sentence',
    (name) => {
      expect(serverNameProblem(name)).toMatch(/server name has/);
    },
  );
});

describe('admin names', () => {
  it.each(['root', 'Admin', 'SA', 'azure_superuser', 'mysql.sys', 'public'])('reserves %s', (login) => {
    expect(administratorLoginProblem(login)?.code).toBe('BlockedUserName');
  });
  it.each(['', 'a'.repeat(33), 'has space', "o'neil", '-x'])('refuses the form of “%s”', (login) => {
    expect(administratorLoginProblem(login)?.code).toBe('InvalidUserName');
  });
  it('takes an ordinary one', () => expect(administratorLoginProblem('shopadmin')).toBeUndefined());
});

describe('passwords', () => {
  it.each([
    ['Ab1!', 'PasswordTooShort'],
    [`Ab1!${'x'.repeat(125)}`, 'PasswordTooLong'],
    ['alllowercase', 'PasswordNotComplex'],
    ['lower1234', 'PasswordNotComplex'],
    ['XShopAdmin1!', 'PasswordNotComplex'],
  ])('refuses %s as %s', (password, code) => {
    expect(passwordProblem(password, 'shopadmin')?.code).toBe(code);
  });
  it.each(['Passw0rd', 'lower-1234', 'ÄÖü12345'])('takes %s: three kinds are enough', (password) => {
    expect(passwordProblem(password, 'shopadmin')).toBeUndefined();
  });
});

describe('addresses', () => {
  it('reads what it writes, for every address', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(parseIpv4(formatIpv4(value))).toBe(value);
      }),
    );
  });
  it.each(['1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '::1', 'a.b.c.d', '', ' 1.2.3.4', '1.2.3.4/24'])(
    'refuses “%s”',
    (address) => {
      expect(parseIpv4(address)).toBeUndefined();
      expect(addressRangeProblem(address, '1.2.3.4')?.field).toBe('startIpAddress');
    },
  );
  it('says that a range is inverted', () => {
    expect(addressRangeProblem('10.0.0.9', '10.0.0.1')).toEqual({
      field: 'endIpAddress',
      message: 'The range is inverted: 10.0.0.1 comes before 10.0.0.9. Swap the two.',
    });
  });
});

describe('other names', () => {
  it('knows rule names', () => {
    expect(firewallRuleNameProblem('AllowAll_2026-11-22_17-43-35')).toBeUndefined();
    for (const name of ['', '-a', 'a-', 'a b', 'a'.repeat(81)]) expect(firewallRuleNameProblem(name)).toBeDefined();
  });
  it('knows database names', () => {
    expect(databaseNameProblem('orders')).toBeUndefined();
    for (const name of ['', 'MySQL', 'sys', 'a/b', 'a`b', 'x'.repeat(65)])
      expect(databaseNameProblem(name)).toBeDefined();
  });
  it('knows resource group names', () => {
    expect(resourceGroupNameProblem('rg_(1).x')).toBeUndefined();
    for (const name of ['', 'rg.', 'a/b', 'a'.repeat(91)]) expect(resourceGroupNameProblem(name)).toBeDefined();
  });
  it('knows tags', () => {
    expect(tagsProblem({ team: 'shop', empty: '' })).toBeUndefined();
    expect(tagsProblem({ 'a<b': 'x' })).toMatch(/not allowed/);
    expect(tagsProblem({ Team: 'a', team: 'b' })).toMatch(/twice/);
    expect(tagsProblem(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])))).toMatch(/50/);
  });
  it('finds a name that nobody has', () => {
    expect(freeName('back', [])).toBe('back');
    expect(freeName('back', ['Back', 'back-2', 'back-4'])).toBe('back-3');
  });
});
