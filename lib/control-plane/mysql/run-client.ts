import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { readConfig } from '../config.ts';
import { discoverRuntimes } from './runtime.ts';

/**
 * `npm run mysql-client -- …`: MySQL's own client, as it came with the server, for machines that have no other. What
 * follows `--` is handed on; it ends as the client ends.
 */
const config = readConfig();
const [runtime] = await discoverRuntimes(config.home, config);
if (runtime) {
  const { file, args } = runtime.command('mysql');
  const client = spawn(file, [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C ends a statement, not the client: it is the client's to hear.
  process.on('SIGINT', () => {});
  client.on('error', (failure) => {
    process.stderr.write(`The client could not be started: ${failure.message}\n`);
    process.exitCode = 1;
  });
  client.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
} else {
  process.stderr.write('There is no MySQL on this machine yet: npm run mysql fetches one.\n');
  process.exitCode = 1;
}
