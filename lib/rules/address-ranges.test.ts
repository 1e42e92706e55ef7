import { expect, test } from 'vitest';
import {
  addressCount,
  addressRangeWarnings,
  EVERY_ADDRESS,
  freeRuleName,
  parseAddressRange,
  parseAddressRanges,
} from './address-ranges.ts';

test.each([
  ['203.0.113.7', '203.0.113.7', '203.0.113.7'],
  [' 203.0.113.0/24 ', '203.0.113.0', '203.0.113.255'],
  ['203.0.113.77/28', '203.0.113.64', '203.0.113.79'],
  ['10.0.0.1/32', '10.0.0.1', '10.0.0.1'],
  ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
  ['10.0.0.1-10.0.0.9', '10.0.0.1', '10.0.0.9'],
  ['10.0.0.1 – 10.0.0.9', '10.0.0.1', '10.0.0.9'],
  ['10.0.0.1, 10.0.0.9', '10.0.0.1', '10.0.0.9'],
  ['10.0.0.1\t10.0.0.9', '10.0.0.1', '10.0.0.9'],
])('reads %s', (text, startIpAddress, endIpAddress) => {
  expect(parseAddressRange(text)).toEqual({ startIpAddress, endIpAddress });
});

test.each([
  ['203.0.113.0/33', '/33 is no IPv4 prefix: it goes from /0 to /32.'],
  ['203.0.113/24', '“203.0.113” is not an IPv4 address like 203.0.113.7.'],
  ['10.0.0.9-10.0.0.1', 'The range is inverted: 10.0.0.1 comes before 10.0.0.9. Swap the two.'],
  ['10.0.0.256', '“10.0.0.256” is not an IPv4 address like 203.0.113.7.'],
  ['::1', '“::1” is not an IPv4 address like 203.0.113.7.'],
  [
    '10.0.0.1 10.0.0.2 10.0.0.3',
    '“10.0.0.1 10.0.0.2 10.0.0.3” has more than a start and an end. Put each range on a line of its own.',
  ],
  ['', '“” is not an IPv4 address like 203.0.113.7.'],
])('says what is wrong with “%s”', (text, problem) => {
  expect(parseAddressRange(text)).toEqual({ problem });
});

test('reads a pasted list, with comments and empty lines, and names each line that is none', () => {
  const pasted = parseAddressRanges('10.0.0.0/30 # office\r\n\n# home\n198.51.100.4\nlocalhost\n');
  expect(pasted.ranges).toEqual([
    { startIpAddress: '10.0.0.0', endIpAddress: '10.0.0.3' },
    { startIpAddress: '198.51.100.4', endIpAddress: '198.51.100.4' },
  ]);
  expect(pasted.problems).toEqual(['“localhost” is not an IPv4 address like 203.0.113.7.']);
});

/** Of the first of some rules. */
const warning = (...rules: ReturnType<typeof rule>[]) => addressRangeWarnings(rules)[0];
const rule = (name: string, startIpAddress: string, endIpAddress: string) => ({ name, startIpAddress, endIpAddress });

test('counts addresses, and none in what is no range', () => {
  expect(addressCount(EVERY_ADDRESS)).toBe(2 ** 32);
  expect(addressCount(rule('', '10.0.0.9', '10.0.0.1'))).toBeUndefined();
});

test('warns of rules that let in very many addresses', () => {
  expect(warning(rule('all', '0.0.0.0', '255.255.255.255'))).toContain('every address there is');
  expect(warning(rule('wide', '10.0.0.0', '10.1.0.0'))).toBe(
    'This lets in 65,537 addresses. Narrow it to those that your clients have.',
  );
  expect(warning(rule('fine', '10.0.0.0', '10.0.255.255'))).toBeUndefined();
});

test('warns of rules that repeat or overlap others, and only the smaller one of two', () => {
  const office = rule('office', '10.0.0.0', '10.0.0.255');
  const desk = rule('desk', '10.0.0.7', '10.0.0.7');
  const annex = rule('annex', '10.0.0.200', '10.0.1.20');
  expect(warning(desk, office)).toBe('“office” already lets in all of these addresses.');
  expect(warning(office, desk)).toBeUndefined();
  expect(warning(annex, office)).toBe('It overlaps with “office”.');
  expect(warning(rule('copy', '10.0.0.0', '10.0.0.255'), office)).toBe(
    '“office” has the same addresses. One of the two is enough.',
  );
});

test('does not take the rule for Azure services for a wide or overlapping one', () => {
  const azure = rule('azure', '0.0.0.0', '0.0.0.0');
  expect(warning(azure, rule('all', '0.0.0.0', '255.255.255.255'))).toBeUndefined();
});

test('finds a free name', () => {
  expect(freeRuleName('office', [])).toBe('office');
  expect(freeRuleName('office', ['Office', 'office-2'])).toBe('office-3');
});
