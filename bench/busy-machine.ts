/**
 * That a busy machine is not taken for a dead server: a highly available server under sixteen writers, while as many
 * programs as the machine has processors count as fast as they can. Nothing may fail over, and no standby may be lost.
 *
 *     node bench/busy-machine.ts               ten minutes
 *     node bench/busy-machine.ts --seconds 40  less; --quick is that
 *     node bench/busy-machine.ts --nice 10     the counting programs give way to others that much
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { listActivityEvents } from '../lib/control-plane/store/activity.ts';
import { startWriters } from '../lib/control-plane/testing/writers.ts';
import { option, startHighlyAvailable } from './highly-available-daemon.ts';

const SECONDS = option('--seconds', process.argv.includes('--quick') ? 40 : 600);
const NICE = option('--nice', 0);
const WRITERS = 16;
const say = (line: string) => process.stdout.write(`${line}\n`);

await using bench = await startHighlyAvailable('busy');
const { daemon, server, id, countLost } = bench;
const hogs = [];
try {
  await server.becomes('Healthy', 120_000);
  const { epoch, haSince } = server.row;

  for (let processor = 0; processor < availableParallelism(); processor++) {
    // In a session of its own: the kernel shares processors out by session first. It ends by itself, come what may.
    const counting = `for (const end = Date.now() + ${(SECONDS + 60) * 1000}; Date.now() < end;);`;
    hogs.push(
      spawn('nice', ['-n', String(NICE), process.execPath, '-e', counting], { stdio: 'ignore', detached: true }),
    );
  }
  const writers = startWriters(server.target, WRITERS);
  const beganAt = Date.now();
  let changes = 0;
  while (Date.now() - beganAt < SECONDS * 1000) {
    await delay(Math.min(30_000, SECONDS * 250));
    const seconds = (Date.now() - beganAt) / 1000;
    const { haState } = server.row;
    if (haState !== 'Healthy') changes += 1;
    say(`${seconds.toFixed(0)} s: ${haState}, ${writers.acknowledged()} rows, load ${loadavg()[0]!.toFixed(1)}`);
  }
  const report = await writers.stop();
  const { row } = server;
  const events = server.read((database) =>
    listActivityEvents(
      database,
      { subscriptionId: daemon.ready.subscriptionId, from: beganAt, to: Date.now(), resourceId: id },
      { limit: 1000 },
    ).map(({ event }) => event),
  );
  const lostStandbys = events.filter(({ operationName }) => operationName?.value.includes('standbyLost')).length;
  const lost = await countLost(report);
  say(
    `${report.acknowledged} rows in ${SECONDS} s, ${report.lost} sessions lost, longest gap ${report.longestGapMs.toFixed(0)} ms`,
  );
  const goal = (name: string, reached: boolean) => {
    say(`${reached ? '✓' : '✗'} ${name}`);
    if (!reached) process.exitCode = 1;
  };
  goal(`no failover (${row.epoch - epoch})`, row.epoch === epoch);
  goal(`no standby lost (${lostStandbys})`, lostStandbys === 0 && changes === 0 && row.haSince === haSince);
  goal(`no session lost (${report.lost})`, report.lost === 0);
  goal(`acknowledged and lost: none (${lost})`, lost === 0);
} finally {
  for (const hog of hogs) {
    hog.kill('SIGKILL');
    if (hog.exitCode === null && hog.signalCode === null) await once(hog, 'exit');
  }
}
