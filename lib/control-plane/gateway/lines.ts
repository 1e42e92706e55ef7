import type { Socket } from 'node:net';

/** No table is longer than this; what is, is no table. */
const LINE_CHARACTERS = 64 * 1024 * 1024;

/**
 * Calls `onLine` with every line that arrives, without its newline. (Not node:readline: that breaks lines at U+2028 too,
 * which JSON may contain.) A line without an end is not waited for: the connection is closed.
 */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let begun = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    if (begun.length > LINE_CHARACTERS) socket.destroy();
    for (const line of lines) if (line !== '') onLine(line);
  });
}

export function writeLine(socket: Socket, value: unknown): void {
  socket.write(`${JSON.stringify(value)}\n`);
}
