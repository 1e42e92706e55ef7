import { afterAll, beforeAll, expect, test } from 'vitest';
import { MYSQL_API_VERSION } from '../../arm/api-versions.ts';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { BackupTimeline } from '../../arm/local/backup.ts';
import { until } from '../testing/daemon.ts';
import { FaultedPair } from '../testing/faulted-pair.ts';
import { HighlyAvailableServer } from '../testing/highly-available-server.ts';
import { connectTo, missingRows, startWriters } from '../testing/writers.ts';

/** `FLEXDECK_FAILOVERS=20`: how many planned failovers the archive must follow. */
const FAILOVERS = Number(process.env.FLEXDECK_FAILOVERS ?? 2);
const SECONDS = 1000;

const pair = new FaultedPair('followed');
const { server } = pair;

beforeAll(() => pair.create(), 180 * SECONDS);
afterAll(() => pair.destroy(process.env.FLEXDECK_KEEP_LOGS !== undefined));

async function timeline(): Promise<BackupTimeline['properties']> {
  const path = `${pair.id}/providers/Flexdeck.Local/backupTimeline?api-version=${FLEXDECK_LOCAL_VERSION}`;
  const { body } = await pair.daemon.arm('GET', path);
  return (body as BackupTimeline).properties;
}

test(
  'the archive goes on from primary to primary without a gap, and holds every transaction',
  { timeout: (60 + FAILOVERS * 30) * SECONDS },
  async () => {
    await until(60 * SECONDS, async () => (await timeline()).fullBackups[0]?.state === 'Succeeded' || undefined);
    const writers = startWriters(server.target, 4);
    for (let number = 1; number <= FAILOVERS; number++) {
      await server.becomes('Healthy');
      await writers.progress(100, 30 * SECONDS);
      await pair.succeed(await pair.daemon.arm('POST', `${pair.id}/failover`));
      await writers.progress(100, 30 * SECONDS);
      const { log, archive } = await timeline();
      expect({ pieces: log.length, archive }, `after failover ${number}`).toMatchObject({ pieces: 1 });
    }
    await server.becomes('Healthy');
    const { numbers } = await writers.stop();
    // Covered up to now means that nothing that was executed is missing.
    const now = Date.now();
    await until(20 * SECONDS, async () => Date.parse((await timeline()).newestRestorePoint!) > now || undefined);
    const { log, gaps } = await timeline();
    expect(gaps).toEqual([]);
    expect(log).toHaveLength(1);
    expect(log[0]!.transactions).toBeGreaterThanOrEqual(numbers.length);

    const id = pair.id.replace(/[^/]+$/, 'restored');
    const properties = { createMode: 'PointInTimeRestore', sourceServerResourceId: pair.id };
    await pair.succeed(await pair.daemon.arm('PUT', id, { location: 'westeurope', properties }));
    const restored = new HighlyAvailableServer(pair.home, 'restored');
    const connection = await connectTo(restored.target);
    expect(await missingRows(connection, numbers)).toEqual([]);
    await connection.end();
    await pair.succeed(await pair.daemon.arm('DELETE', id));
  },
);

test(
  'a transaction that is archived before it is committed does not end the archive when the daemon dies then',
  { timeout: 90 * SECONDS },
  async () => {
    await server.becomes('Healthy');
    const transactions = async () => (await timeline()).log[0]!.transactions;
    const before = await transactions();
    // The primary waits for its acknowledgement: what it writes is in its log, and does not count as executed.
    server.signal('standby', 'SIGSTOP');
    const waiting = server.on('primary', (own) => own.query('CREATE TABLE checker.waiting (n INT PRIMARY KEY)'));
    await until(20 * SECONDS, async () => (await transactions()) > before || undefined);
    await pair.daemon.kill9();
    await pair.startDaemon();
    await waiting;
    const now = Date.now();
    await until(30 * SECONDS, async () => Date.parse((await timeline()).newestRestorePoint!) > now || undefined);
    const { log, gaps } = await timeline();
    expect(gaps).toEqual([]);
    expect(log).toHaveLength(1);
    await server.becomes('Healthy');
  },
);

/** `FLEXDECK_ALL_FAULTS=1`: other ways to another primary, each during a full backup. */
const all = test.runIf(process.env.FLEXDECK_ALL_FAULTS === '1');

const FAILOVERS_BY_FAULT: [string, () => Promise<unknown>][] = [
  [
    'a forced failover',
    async () => pair.succeed(await pair.daemon.arm('POST', `${pair.id}/restart`, { restartWithFailover: 'Enabled' })),
  ],
  ['the primary’s death', async () => server.signal('primary', 'SIGKILL')],
  ['the primary’s silence', async () => server.signal('primary', 'SIGSTOP')],
  [
    'the primary’s death and the daemon’s',
    async () => {
      await pair.daemon.kill9();
      server.signal('primary', 'SIGKILL');
      await pair.startDaemon();
    },
  ],
];

all.each(FAILOVERS_BY_FAULT)(
  'the archive goes on without a gap through %s during a full backup',
  { timeout: 300 * SECONDS },
  async (name, fault) => {
    const backup = name.replaceAll(/[^a-z]+/g, '-');
    await pair.underLoad(async () => {
      const { epoch } = server.row;
      const path = `${pair.id}/backupsV2/${backup}?api-version=${MYSQL_API_VERSION}`;
      expect((await pair.daemon.arm('PUT', path, {})).status).toBe(202);
      await fault();
      await server.failsOver(epoch, 60 * SECONDS);
    });
    const ended = await until(60 * SECONDS, async () =>
      (await timeline()).fullBackups.find((one) => one.name === backup && one.state !== 'Creating'),
    );
    // Either it is one, or it says why it is none.
    if (ended.state !== 'Succeeded') expect(ended).toMatchObject({ state: 'Failed', problem: expect.any(String) });
    const now = Date.now();
    await until(30 * SECONDS, async () => Date.parse((await timeline()).newestRestorePoint!) > now || undefined);
    const { log, gaps } = await timeline();
    expect({ gaps, pieces: log.length }).toEqual({ gaps: [], pieces: 1 });

    const id = pair.id.replace(/[^/]+$/, 'restored');
    const properties = { createMode: 'PointInTimeRestore', sourceServerResourceId: pair.id };
    await pair.succeed(await pair.daemon.arm('PUT', id, { location: 'westeurope', properties }));
    const connection = await connectTo(new HighlyAvailableServer(pair.home, 'restored').target);
    expect(await missingRows(connection, pair.acknowledged)).toEqual([]);
    await connection.end();
    await pair.succeed(await pair.daemon.arm('DELETE', id));
  },
);
