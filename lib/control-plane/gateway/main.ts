/**
 * The gateway's process: `node main.ts <control socket>`. It holds clients' connections, so it outlives the daemon, reads
 * no environment and keeps no file. It starts with no front at all and does what a daemon tells it (`protocol.ts`).
 */
import { pino } from 'pino';
import { logLines } from '../log-lines.ts';
import { systemClock } from '../clock.ts';
import { processIdentity } from '../mysql/adoption.ts';
import { AlreadyRunningError, listenForDaemons } from './control.ts';
import { Gateway } from './gateway.ts';
import { EXIT_ALREADY_RUNNING, GATEWAY_PROTOCOL } from './protocol.ts';

const socketPath = process.argv[2];
if (!socketPath) {
  process.stderr.write('Usage: main.ts <control socket>\n');
  process.exit(2);
}

const logger = pino({ base: { pid: process.pid } }, logLines());
const gateway = new Gateway({ clock: systemClock, log: (event, details) => logger.info(details, event) });

function end(reason: string): void {
  logger.info({ reason }, 'ended');
  process.exit(0);
}

process.on('SIGTERM', () => end('SIGTERM'));
process.on('SIGINT', () => end('SIGINT'));
// Started from a terminal, it must not end with it.
process.on('SIGHUP', () => {});
process.on('uncaughtException', (error) => {
  logger.fatal(error, 'fault');
  process.exit(1);
});

try {
  const identity = processIdentity(process.pid);
  if (!identity) throw new Error('/proc does not know this process.');
  const server = await listenForDaemons({
    gateway,
    socketPath,
    hello: { protocol: GATEWAY_PROTOCOL, ...identity },
    onStop: () => {
      server.close();
      end('stop');
    },
  });
  logger.info({ socketPath }, 'ready');
} catch (error) {
  if (!(error instanceof AlreadyRunningError)) throw error;
  logger.error(error.message);
  process.exit(EXIT_ALREADY_RUNNING);
}
