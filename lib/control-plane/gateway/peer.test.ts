import { expect, test } from 'vitest';
import { userOfPeer } from './peer.ts';

// Made up in the form of proc(5): 127.0.0.1:40000 of user 1000 to 127.83.1.2:26001, and our own end of it.
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0201537F:6591 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 0100007F:9C40 0201537F:6591 01 00000000:00000000 00:00000000 00000000  1000        0 12 1
`;
const socket = { remoteAddress: '127.0.0.1', remotePort: 40_000, localAddress: '127.83.1.2', localPort: 26_001 };

test('finds whose program is at the other end', () => {
  expect(userOfPeer(socket, () => TABLE)).toBe(1000);
});

test('knows nobody when the connection is gone', () => {
  expect(userOfPeer({ ...socket, remotePort: 40_001 }, () => TABLE)).toBeUndefined();
  expect(userOfPeer({ ...socket, remoteAddress: undefined }, () => TABLE)).toBeUndefined();
});
