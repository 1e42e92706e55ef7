import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from '../mysql/client.ts';
import { listFailovers } from '../store/failovers.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { until, type ArmAnswer } from '../testing/daemon.ts';
import { FaultedPair } from '../testing/faulted-pair.ts';
import { OPERATIONS } from './definitions.ts';

/** A death of the daemon at every step: minutes. Otherwise a sample. */
const ALL = process.env.FLEXDECK_ALL_FAULTS === '1';
const SECONDS = 1000;
const LONG = { timeout: 180 * SECONDS };
const all = test.runIf(ALL);

const pair = new FaultedPair('rolled');
const { server } = pair;

beforeAll(() => pair.create(), 180 * SECONDS);
afterAll(() => pair.destroy(process.env.FLEXDECK_KEEP_LOGS !== undefined));

const patch = (body: unknown): Promise<ArmAnswer> => pair.daemon.arm('PATCH', pair.id, body);
const configure = (name: string, value: string) =>
  pair.daemon.arm('PATCH', `${pair.id}/configurations/${name}`, { properties: { value, source: 'user-override' } });

async function variable(side: 'primary' | 'standby', name: string): Promise<string> {
  const [row] = await server.on(side, (own) => rows<{ Value: string }>(own, `SHOW GLOBAL VARIABLES LIKE '${name}'`));
  return row!.Value;
}

async function statusOfEvents(): Promise<Record<string, string>> {
  const found = await server.on('primary', (own) =>
    rows<{ name: string; status: string; definer: string }>(
      own,
      `SELECT event_name AS name, status AS status, definer AS definer FROM information_schema.events WHERE event_schema = 'checker'`,
    ),
  );
  for (const { definer } of found) expect(definer).toBe('owner@%');
  return Object.fromEntries(found.map(({ name, status }) => [name, status]));
}

describe('a server with a standby', () => {
  test('scales one side after the other, and clients feel one failover', LONG, async () => {
    const { epoch } = server.row;
    const connections = await variable('primary', 'max_connections');
    const report = await pair.underLoad(async () =>
      pair.succeed(await patch({ sku: { name: 'Standard_D4ads_v5', tier: 'GeneralPurpose' } })),
    );
    expect(report.refused, JSON.stringify(report.errors)).toBe(0);
    expect(report.longestGapMs).toBeLessThan(3_000);
    expect(server.row.epoch).toBe(epoch + 1);
    for (const side of ['primary', 'standby'] as const) {
      expect(Number(await variable(side, 'max_connections'))).toBeGreaterThan(Number(connections));
    }
    const [failover] = server.read((database) => listFailovers(database, server.row.id));
    expect(failover).toMatchObject({ kind: 'planned', status: 'Succeeded', reason: 'The server was changed.' });
  });

  all('restarts one side after the other for a static parameter, which stays in force', LONG, async () => {
    await pair.succeed(await configure('innodb_ft_min_token_size', '5'));
    await pair.succeed(await configure('long_query_time', '7'));
    expect(server.row.pendingRestart).toEqual(['innodb_ft_min_token_size']);
    const { epoch } = server.row;
    const report = await pair.underLoad(async () =>
      pair.succeed(await pair.daemon.arm('POST', `${pair.id}/restart`, { restartWithFailover: 'Disabled' })),
    );
    expect(report.refused, JSON.stringify(report.errors)).toBe(0);
    expect(report.longestGapMs).toBeLessThan(3_000);
    expect(server.row.epoch).toBe(epoch + 1);
    expect(server.row.pendingRestart).toEqual([]);
    for (const side of ['primary', 'standby'] as const) {
      expect(await variable(side, 'innodb_ft_min_token_size')).toBe('5');
      expect(Number(await variable(side, 'long_query_time'))).toBe(7);
    }
  });

  test('keeps parameters and events through a failover', LONG, async () => {
    await pair.succeed(await configure('long_query_time', '9'));
    await server.on('primary', async (own) => {
      for (const name of ['hourly', 'resting']) {
        await own.query(`CREATE DEFINER = owner@'%' EVENT checker.${name} ON SCHEDULE EVERY 1 HOUR DO SELECT 1`);
      }
      await own.query(`ALTER DEFINER = owner@'%' EVENT checker.resting DISABLE`);
    });
    await pair.underLoad(async () => pair.succeed(await pair.daemon.arm('POST', `${pair.id}/failover`)));
    expect(await statusOfEvents()).toEqual({ hourly: 'ENABLED', resting: 'DISABLED' });
    expect(Number(await variable('primary', 'long_query_time'))).toBe(9);

    await server.on('primary', (own) =>
      own.query(`CREATE DEFINER = owner@'%' EVENT checker.late ON SCHEDULE EVERY 1 HOUR DISABLE DO SELECT 1`),
    );
    await until(30 * SECONDS, () => server.row.restingEvents.some(({ name }) => name === 'late') || undefined);
    const { epoch } = server.row;
    await pair.underLoad(async () => {
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch);
    });
    await until(10 * SECONDS, () => server.read(listOperationsInProgress).length === 0 || undefined);
    expect(await statusOfEvents()).toEqual({ hourly: 'ENABLED', resting: 'DISABLED', late: 'DISABLED' });
    expect(Number(await variable('primary', 'long_query_time'))).toBe(9);
  });

  test('fails over by force, within the time that is allowed', LONG, async () => {
    const restart = (body: object) => pair.daemon.arm('POST', `${pair.id}/restart`, body);
    expect(await restart({ restartWithFailover: 'Enabled', maxFailoverSeconds: -1 })).toMatchObject({ status: 400 });
    const { epoch } = server.row;
    await pair.underLoad(async () =>
      pair.succeed(await restart({ restartWithFailover: 'Enabled', maxFailoverSeconds: 30 })),
    );
    const newest = () => server.read((database) => listFailovers(database, server.row.id))[0];
    expect(newest()).toMatchObject({ kind: 'forced', status: 'Succeeded' });
    expect(server.row.epoch).toBe(epoch + 1);

    // A standby that receives and executes nothing: the failover is called off, and nothing happens to the primary.
    await pair.underLoad(async () => {
      const lock = server.on('standby', async (own) => {
        await own.query('FLUSH TABLES WITH READ LOCK');
        await own.query('DO SLEEP(60)');
      });
      lock.catch(() => {});
      await pair.unexecuted(20);
      const ended = await pair.daemon.ended(await restart({ restartWithFailover: 'Enabled', maxFailoverSeconds: 1 }));
      expect(ended).toMatchObject({ status: 'Failed', error: { code: 'FailoverTimeExceeded' } });
      expect(server.row).toMatchObject({ state: 'Ready', epoch: epoch + 1 });
      server.signal('standby', 'SIGKILL');
    });
  });
});

describe('a daemon that dies', () => {
  const positions = [...OPERATIONS['roll-server'].steps.map(({ name }) => name), 'published'].flatMap((step) => [
    `roll-server/${step}/before`,
    `roll-server/${step}/after`,
  ]);
  const SAMPLE = ['roll-server/rolling-clientsSwitched/before'];

  test.each(positions.filter((it) => ALL || SAMPLE.includes(it)).map((it, index) => [it, String(4 + (index % 5))]))(
    'at %s finishes the restart, for a static parameter',
    LONG,
    async (position, value) => {
      await pair.succeed(await configure('innodb_ft_min_token_size', value));
      expect(server.row.pendingRestart).toEqual(['innodb_ft_min_token_size']);
      const { epoch } = server.row;
      await pair.underLoad(async () => {
        await pair.daemon.kill9();
        await pair.startDaemon({ FLEXDECK_FAILPOINT: position });
        await server.becomes('Healthy');
        await pair.daemon.arm('POST', `${pair.id}/restart`, {}).catch(() => {});
        expect(await pair.daemon.exited).toBe('SIGKILL');
        await pair.startDaemon();
        await until(60 * SECONDS, () => server.read(listOperationsInProgress).length === 0 || undefined);
      });
      expect(server.row).toMatchObject({ epoch: epoch + 1, pendingRestart: [] });
      for (const side of ['primary', 'standby'] as const) {
        expect(await variable(side, 'innodb_ft_min_token_size')).toBe(value);
      }
    },
  );
});
