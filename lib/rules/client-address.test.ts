import { expect, test } from 'vitest';
import { clientAddressOf } from './client-address.ts';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '127.0.0.1'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['203.0.113.7, 10.0.0.1', '203.0.113.7'],
  ['2001:db8::1', null],
  ['unknown', null],
])('%s is %s', (forwarded, address) => {
  expect(clientAddressOf(new Headers({ 'x-forwarded-for': forwarded }))).toBe(address);
});

test('without the header it is not known', () => expect(clientAddressOf(new Headers())).toBeNull());
