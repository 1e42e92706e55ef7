/**
 * Reading and writing without what a stream adds to each packet. For small queries the gateway's time is the kernel's,
 * in read and write; of the rest, these halve it. They reach into what Node keeps to itself: its version is pinned.
 */
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';

/** One a direction and session. Pages that no packet reaches take no memory. */
const BUFFER_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** libuv's stream under a socket. */
interface StreamHandle {
  /** @returns 0, or the negative errno. `streamBaseState` tells whether the kernel has all of it already. */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
}

interface WriteRequest {
  /** Keeps the bytes from being collected. */
  buffer?: Uint8Array;
  oncomplete?: (status: number) => void;
}

interface StreamBinding {
  WriteWrap: new () => WriteRequest;
  streamBaseState: Int32Array;
  kLastWriteWasAsync: number;
}

const { binding } = process as unknown as { binding(name: 'stream_wrap'): StreamBinding };
const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding('stream_wrap');
/** Used again until a write takes longer than its call. */
let request = new WriteWrap();

/** Options of a socket that reads into one buffer of its own; `take` returns whether to read on. */
export function ownBuffer(take: (bytes: Uint8Array) => boolean): OnReadOpts {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  // Packets of one length come in rows: rows of a result, acknowledgements.
  let bytes: Uint8Array = NOTHING;
  return {
    buffer,
    callback(length) {
      if (bytes.length !== length) bytes = buffer.subarray(0, length);
      return take(bytes);
    },
  };
}

/**
 * Passes bytes on that lie in the one buffer that their socket reads into, so it may read on only when they are written:
 * that is at once as a rule, and else when the slower end has caught up.
 *
 * @returns whether to read on; when not, `readOn` is called later, unless `to` has ended.
 */
export function forward(bytes: Uint8Array, to: Socket, readOn: () => void): boolean {
  if (!to.writable) return true;
  const { _handle: handle } = to as unknown as { _handle: StreamHandle | null };
  if (to.connecting || to.writableLength > 0 || !handle) {
    to.write(bytes);
    to.write(NOTHING, readOn);
    return false;
  }
  const current = request;
  if (handle.writeBuffer(current, bytes) !== 0) {
    to.destroy();
    return true;
  }
  if (!streamBaseState[kLastWriteWasAsync]) return true;
  request = new WriteWrap();
  current.buffer = bytes;
  current.oncomplete = (status) => {
    if (status === 0) readOn();
    else to.destroy();
  };
  return false;
}

/** net.Server makes its sockets itself, and they take new memory for every read: this moves the handle to one that does not. */
export function takeOver(accepted: Socket, onread: OnReadOpts): Socket {
  const holder = accepted as unknown as Record<'_handle', unknown>;
  const { _handle: handle } = holder;
  Object.assign(holder, { _handle: null });
  accepted.destroy();
  return new Socket({ handle, onread, allowHalfOpen: true } as SocketConstructorOpts);
}
