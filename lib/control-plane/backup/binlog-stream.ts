import { connect, rows, type Connection } from '../mysql/client.ts';

/** COM_BINLOG_DUMP of MySQL's client protocol: everything from a position on, without end. */
const COM_BINLOG_DUMP = 0x12;
const HEARTBEAT_MS = 500;
/** Nothing, not even a heartbeat, for so long: the connection is dead though it stands. */
const SILENCE_MS = 10_000;
/** Events that wait to be written; more than this many bytes stop the reading. */
const WAITING_LIMIT = 16 * 1024 * 1024;

export interface BinlogStream {
  /** Resolves with why it ended: MySQL's error, the connection's, or undefined after `stop`. Never rejects. */
  ended: Promise<Error | undefined>;
  stop(): void;
}

/** What mysql2 lets one do below its own commands. */
interface RawConnection {
  stream: { pause(): void; resume(): void };
  addCommand(command: { execute(packet: RawPacket | undefined, connection: RawConnection): boolean }): void;
  writePacket(packet: unknown): void;
  _resetSequenceId(): void;
  on(event: 'error' | 'end', heard: (failure?: Error) => void): void;
}

interface RawPacket {
  buffer: Buffer;
  offset: number;
  end: number;
}

/**
 * Follows a server's binary log as a replica does.
 *
 * @param source.serverId of replication: a second stream with the same ends the first.
 * @param onEvents whole events in their order, header and checksum included; the next batch comes when it has resolved.
 * @throws mysql2's error while it is being opened.
 */
export async function streamBinlog(
  source: { socket: string; file: string; position: number; serverId: number },
  onEvents: (events: Buffer[]) => Promise<void>,
): Promise<BinlogStream> {
  const connection = await connect(source.socket);
  try {
    // Events as they lie in the file, with their checksums; both of the variables' names, for older servers.
    await connection.query(
      `SET @source_binlog_checksum = @@GLOBAL.binlog_checksum, @master_binlog_checksum = @@GLOBAL.binlog_checksum,
         @source_heartbeat_period = ?, @master_heartbeat_period = ?`,
      [HEARTBEAT_MS * 1e6, HEARTBEAT_MS * 1e6],
    );
  } catch (failure) {
    connection.destroy();
    throw failure;
  }
  return follow(connection, source, onEvents);
}

function follow(
  connection: Connection,
  { file, position, serverId }: { file: string; position: number; serverId: number },
  onEvents: (events: Buffer[]) => Promise<void>,
): BinlogStream {
  const raw = (connection as unknown as { connection: RawConnection }).connection;
  const end = Promise.withResolvers<Error | undefined>();
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let writing = false;
  let over = false;

  const finish = (failure: Error | undefined) => {
    if (over) return;
    over = true;
    clearTimeout(silence);
    connection.destroy();
    // What has been received is written first.
    if (writing) void idle.promise.then(() => end.resolve(failure));
    else end.resolve(failure);
  };
  let idle = Promise.withResolvers<void>();
  const silence = setTimeout(() => finish(new Error('The server sends nothing any more.')), SILENCE_MS);

  async function write(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        waitingBytes = 0;
        raw.stream.resume();
        await onEvents(batch);
      }
    } catch (failure) {
      waiting = [];
      finish(failure as Error);
    } finally {
      writing = false;
      idle.resolve();
    }
  }

  raw.on('error', (failure) => finish(failure ?? new Error('The connection failed.')));
  raw.on('end', () => finish(new Error('The connection ended.')));
  raw.addCommand({
    execute(packet, core) {
      if (!packet) {
        // oxlint-disable-next-line no-underscore-dangle -- what its own commands begin with
        core._resetSequenceId();
        core.writePacket(dumpPacket(file, position, serverId));
        return false;
      }
      if (over) return true;
      silence.refresh();
      const kind = packet.buffer[packet.offset];
      if (kind === 0) {
        // A copy: the buffer is the parser's.
        waiting.push(Buffer.from(packet.buffer.subarray(packet.offset + 1, packet.end)));
        waitingBytes += packet.end - packet.offset;
        if (waitingBytes > WAITING_LIMIT) core.stream.pause();
        // All that comes in one read of the socket is one batch.
        if (!writing) {
          writing = true;
          // From here on, not from when it is written: whoever ends the stream in between waits for it, too.
          idle = Promise.withResolvers();
          setImmediate(() => void write());
        }
        return false;
      }
      finish(
        kind === 0xff
          ? Object.assign(new Error(packet.buffer.toString('utf8', packet.offset + 9, packet.end)), {
              errno: packet.buffer.readUInt16LE(packet.offset + 1),
            })
          : new Error('The server ended the stream.'),
      );
      return true;
    },
  });
  return { ended: end.promise, stop: () => finish(undefined) };
}

/** In the form that mysql2 writes packets in. */
function dumpPacket(file: string, position: number, serverId: number) {
  const name = Buffer.from(file);
  const buffer = Buffer.alloc(4 + 11 + name.length);
  buffer[4] = COM_BINLOG_DUMP;
  buffer.writeUInt32LE(position, 5);
  buffer.writeUInt16LE(0, 9);
  buffer.writeUInt32LE(serverId, 11);
  name.copy(buffer, 15);
  return {
    buffer,
    length: () => buffer.length,
    writeHeader: (sequence: number) => {
      buffer.writeUIntLE(buffer.length - 4, 0, 3);
      buffer[3] = sequence;
    },
  };
}

/** Where a server's binary log stands, and what has been executed, at one moment. */
export interface BinlogStatus {
  file: string;
  position: number;
  executed: string;
  purged: string;
}

export async function readBinlogStatus(connection: Connection): Promise<BinlogStatus> {
  const [status] = await rows<{ File: string; Position: number; Executed_Gtid_Set: string }>(
    connection,
    'SHOW BINARY LOG STATUS',
  );
  const [row] = await rows<{ purged: string }>(connection, 'SELECT @@GLOBAL.gtid_purged AS purged');
  if (!status) throw new Error('The server writes no binary log.');
  return { file: status.File, position: status.Position, executed: status.Executed_Gtid_Set, purged: row!.purged };
}

/** Names and sizes, oldest first. */
export async function listBinlogs(connection: Connection): Promise<{ file: string; bytes: number }[]> {
  const found = await rows<{ Log_name: string; File_size: number }>(connection, 'SHOW BINARY LOGS');
  return found.map(({ Log_name: file, File_size: bytes }) => ({ file, bytes: Number(bytes) }));
}

/** What had been executed before a file was begun, as the file itself says. */
export async function readPreviousGtids(connection: Connection, file: string): Promise<string | undefined> {
  const events = await rows<{ Event_type: string; Info: string }>(connection, 'SHOW BINLOG EVENTS IN ? LIMIT 3', [
    file,
  ]);
  return events.find(({ Event_type: type }) => type === 'Previous_gtids')?.Info;
}
