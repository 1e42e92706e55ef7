import { describe, expect, it } from 'vitest';
import { credentialOf, requestCredential, requireOwnOrigin } from './credential.ts';

const now = new Date('2026-11-22T12:00:00Z');
const token = (claims: object) =>
  `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const inAnHour = now.getTime() / 1000 + 3600;

describe('the credential on the server', () => {
  it('hands the browser’s token on with its expiry', async () => {
    const valid = token({ exp: inAnHour });
    const credential = requestCredential(new Headers({ authorization: `Bearer ${valid}` }), now);
    await expect(credential.getToken()).resolves.toEqual({ token: valid, expiresOnTimestamp: inAnHour * 1000 });
  });

  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic b3duZXI6cHc='],
    ['two tokens', `Bearer ${token({ exp: inAnHour })} x`],
    ['what is no JWT', 'Bearer abc'],
    ['an endless token', `Bearer ${'a'.repeat(20_000)}.b.c`],
  ])('refuses %s', (_what, authorization) => {
    const headers = new Headers(authorization ? { authorization } : {});
    expect(() => requestCredential(headers, now)).toThrow(
      expect.objectContaining({ code: 'AuthenticationFailed', status: 401 }),
    );
  });

  it('refuses a token that expired, or that has no readable expiry', () => {
    for (const bad of [token({ exp: now.getTime() / 1000 }), token({}), 'e30.bm90IGpzb24.c2ln']) {
      expect(() => credentialOf(bad, now)).toThrow(
        expect.objectContaining({ code: 'ExpiredAuthenticationToken', status: 401 }),
      );
    }
  });

  it('takes actions from its own origin only', () => {
    const from = (origin: string | null) => () =>
      requireOwnOrigin(new Headers({ host: 'localhost:3000', ...(origin === null ? {} : { origin }) }));
    expect(from('http://localhost:3000')).not.toThrow();
    for (const foreign of ['http://localhost:3001', 'https://evil.example', 'null', null]) {
      expect(from(foreign)).toThrow(expect.objectContaining({ code: 'InvalidOrigin', status: 403 }));
    }
  });
});
