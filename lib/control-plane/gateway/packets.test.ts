import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorPacket, readClientStart, readConnectionId } from './packets.ts';
import { greeting, packet, plainLogin, sslRequest } from './testing.ts';

test('an error before the handshake has no SQL state', () => {
  expect(errorPacket(0, 9000, 'No.').toString('hex')).toBe('06000000ff28234e6f2e');
});

test('an error in answer to a client has one, and the sequence number it expects', () => {
  expect(errorPacket(2, 3159, 'No.', 'HY000').toString('latin1')).toBe('\x0c\0\0\x02\xff\x57\x0c#HY000No.');
});

test('the connection id is read however the greeting arrives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.nat(70), (id, length) => {
      const part = greeting(id).subarray(0, length);
      // 4 header, 1 protocol, 6 version with its end, 4 id.
      expect(readConnectionId(part)).toBe(length < 15 ? 'more' : id);
    }),
  );
});

test('there is no connection id in an error packet, nor in nonsense', () => {
  expect(readConnectionId(errorPacket(0, 1040, 'Too many connections'))).toBe('none');
  expect(readConnectionId(packet(0, Buffer.from('\n9.7.4')))).toBe('none');
  expect(readConnectionId(packet(0, Buffer.from('\n9.7.4\0\x01')))).toBe('none');
});

test('only an SSLRequest asks for TLS', () => {
  expect(readClientStart(sslRequest())).toEqual({ sequence: 1, asksForTls: true });
  expect(readClientStart(plainLogin())).toEqual({ sequence: 1, asksForTls: false });
  expect(readClientStart(plainLogin({ claimsTls: true }))).toEqual({ sequence: 1, asksForTls: false });
  expect(readClientStart(sslRequest().subarray(0, 5))).toBe('more');
  expect(readClientStart(sslRequest().subarray(0, 6))).toEqual({ sequence: 1, asksForTls: true });
});
