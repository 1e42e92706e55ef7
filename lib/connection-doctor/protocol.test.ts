import { describe, expect, it } from 'vitest';
import { privilegesOn } from './grants.ts';
import { readFirstPacket, sslRequest } from './protocol.ts';
import { errorPacket, greetingPacket } from './testing/fake-server.ts';

describe('the first packet', () => {
  it('is a greeting with version and whether TLS is offered, however it is cut', () => {
    const packet = greetingPacket({ version: '9.7.4-2', offersTls: true });
    for (let length = 0; length < packet.length; length++) {
      expect(readFirstPacket(packet.subarray(0, length))).toBeUndefined();
    }
    expect(readFirstPacket(packet)).toMatchObject({ kind: 'greeting', serverVersion: '9.7.4-2', offersTls: true });
    expect(readFirstPacket(greetingPacket({ offersTls: false }))).toMatchObject({ offersTls: false });
  });

  it('is an error, with and without the mark of its state', () => {
    expect(readFirstPacket(errorPacket(9000, 'Client is not allowed'))).toEqual({
      kind: 'error',
      errno: 9000,
      message: 'Client is not allowed',
    });
    expect(readFirstPacket(errorPacket(1040, '#08004Too many connections'))).toMatchObject({
      errno: 1040,
      message: 'Too many connections',
    });
  });

  it('is nothing of MySQL’s', () => {
    expect(readFirstPacket(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'))).toEqual({ kind: 'unknown' });
    expect(readFirstPacket(Buffer.from([1, 0, 0, 0, 10]))).toEqual({ kind: 'unknown' });
    expect(readFirstPacket(Buffer.from([1, 0, 0, 0, 255]))).toEqual({ kind: 'unknown' });
  });

  it('is answered with a request of 32 bytes that asks for TLS', () => {
    const request = sslRequest();
    expect([request.length, request.readUIntLE(0, 3), request[3]]).toEqual([36, 32, 1]);
    expect(request.readUInt32LE(4) & 0x800).toBe(0x800);
  });
});

describe('privileges on a database', () => {
  it('are those on everything and on patterns that match, less what was revoked again', () => {
    const grants = [
      'GRANT SELECT, PROCESS ON *.* TO `app`@`%`',
      'GRANT INSERT, UPDATE ON `shop\\_eu`.* TO `app`@`%`',
      'GRANT DELETE ON `shop%`.* TO `app`@`%`',
      'GRANT DROP ON `other`.* TO `app`@`%`',
      'GRANT ALTER ON `shop_eu`.`orders` TO `app`@`%`',
      'GRANT `role`@`%` TO `app`@`%`',
      'REVOKE SELECT ON `shop_eu`.* FROM `app`@`%`',
    ];
    expect(privilegesOn('shop_eu', grants)).toEqual(['PROCESS', 'INSERT', 'UPDATE', 'DELETE']);
    expect(privilegesOn('shopXeu', grants)).not.toContain('INSERT');
    expect(privilegesOn('nothing', ['GRANT USAGE ON *.* TO `app`@`%`'])).toEqual([]);
    expect(privilegesOn('shop', ['GRANT ALL PRIVILEGES ON `shop`.* TO `app`@`%`'])).toEqual(['ALL PRIVILEGES']);
  });
});
