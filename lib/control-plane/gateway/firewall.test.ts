import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileFirewall, ipv4Number } from './firewall.ts';
import { rule } from './testing.ts';

const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const text = (quad: number[]) => quad.join('.');

/** Octet by octet, from the left: another way to the same order than the one under test. */
function compare(one: number[], other: number[]): number {
  return one.map((octet, index) => octet - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

test('a client is allowed exactly when its address lies in a range', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ipv4, ipv4), { maxLength: 5 }), ipv4, (ranges, client) => {
      fc.pre(text(client) !== '0.0.0.0');
      const allows = compileFirewall(ranges.map(([start, end]) => rule(text(start), text(end))));
      const inOne = ranges.some(([start, end]) => compare(start, client) <= 0 && compare(client, end) <= 0);
      expect(allows(text(client))).toBe(inOne);
    }),
    { numRuns: 500 },
  );
});

test('both ends of a range are in it, their neighbours are not', () => {
  const allows = compileFirewall([rule('10.0.0.255', '10.0.1.0')]);
  expect(['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1'].map(allows)).toEqual([false, true, true, false]);
});

test('with no rule nobody is allowed', () => {
  expect(compileFirewall([])('127.0.0.1')).toBe(false);
});

test('the rule for services inside Azure allows nobody here', () => {
  const allows = compileFirewall([rule('0.0.0.0')]);
  expect(['0.0.0.0', '127.0.0.1', '0.0.0.1'].map(allows)).toEqual([false, false, false]);
});

test('what is no IPv4 address is never allowed', () => {
  const allows = compileFirewall([rule('0.0.0.0', '255.255.255.255')]);
  expect(
    ['', '::1', '::ffff:127.0.0.1', '1.2.3', '1.2.3.256', '1.2.3.4.5', '1.2.3.-4', ' 1.2.3.4'].map(allows),
  ).not.toContain(true);
  expect(ipv4Number('255.255.255.255')).toBe(2 ** 32 - 1);
});
