import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security-policy.ts';

const directives = (development: boolean) =>
  new Map(
    contentSecurityPolicy({ nonce: 'n-1', origins: ['http://localhost:8444'], development })
      .split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)] as const),
  );

describe('the content security policy', () => {
  it('lets scripts run by nonce only, and tokens come from the issuer only', () => {
    const policy = directives(false);
    expect(policy.get('script-src')).toEqual(["'self'", "'nonce-n-1'", "'strict-dynamic'"]);
    expect(policy.get('connect-src')).toEqual(["'self'", 'http://localhost:8444']);
    expect(policy.get('frame-src')).toEqual(["'self'", 'http://localhost:8444']);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('default-src')).toEqual(["'self'"]);
  });

  it('evaluates code in development alone', () => {
    expect(directives(true).get('script-src')).toContain("'unsafe-eval'");
  });
});
