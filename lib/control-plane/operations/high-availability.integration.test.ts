import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConnection } from 'mysql2/promise';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { standbyLevels, standbyStatus } from '../metrics/sources/standby.ts';
import { createStatementSampler } from '../metrics/statements/statement-sampler.ts';
import { rows } from '../mysql/client.ts';
import { listActivityEvents } from '../store/activity.ts';
import { listFailovers } from '../store/failovers.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { until, type ArmAnswer } from '../testing/daemon.ts';
import { FaultedPair } from '../testing/faulted-pair.ts';
import { expectWhole } from '../testing/high-availability.ts';
import { PASSWORD } from '../testing/highly-available-server.ts';
import { OPERATIONS } from './definitions.ts';
import type { FailoverInput } from './failover-state.ts';

/** All faults, and every step of a failover: minutes. Otherwise a sample. */
const ALL = process.env.FLEXDECK_ALL_FAULTS === '1';
const all = test.runIf(ALL);
const SECONDS = 1000;
const LONG = { timeout: 180 * SECONDS };

const pair = new FaultedPair('pair');
const { server, acknowledged } = pair;
let id: string;

beforeAll(async () => {
  await pair.create();
  id = pair.id;
}, 180 * SECONDS);

afterAll(() => pair.destroy(process.env.FLEXDECK_KEEP_LOGS !== undefined));

const succeed = (answer: ArmAnswer) => pair.succeed(answer);
const underLoad = (fault: () => Promise<unknown> | unknown) => pair.underLoad(fault);

/** How often the activity log tells that the standby was lost. */
const standbysLost = () => {
  const events = server.read((database) =>
    listActivityEvents(
      database,
      { subscriptionId: pair.daemon.ready.subscriptionId, from: 0, to: Date.now(), resourceId: id },
      { limit: 1000 },
    ),
  );
  return events.filter(({ event }) => event.operationName?.value.includes('standbyLost')).length;
};

const lastFailover = () => server.read((database) => listFailovers(database, server.row.id))[0];

describe('a highly available server', () => {
  test('has a standby in another zone that follows, and takes no writes', async () => {
    const { body } = await pair.daemon.arm('GET', id);
    expect(body.properties).toMatchObject({
      availabilityZone: '1',
      highAvailability: { mode: 'ZoneRedundant', state: 'Healthy', standbyAvailabilityZone: '2' },
    });
    await expectWhole(server, []);
    const [status] = await server.on('standby', (own) => standbyStatus(own, 5 * SECONDS));
    expect(Object.fromEntries(standbyLevels(status))).toEqual({
      HA_IO_status: 1,
      HA_SQL_status: 1,
      HA_replication_lag: expect.any(Number),
    });
    const durability = `SELECT @@sync_binlog AS b, @@innodb_flush_log_at_trx_commit AS f, @@relay_log_recovery AS r`;
    expect(await server.on('standby', (own) => rows(own, durability))).toEqual([{ b: 0, f: 2, r: 0 }]);
    expect(await server.on('primary', (own) => rows(own, durability))).toEqual([{ b: 1, f: 1, r: 0 }]);
  });

  test('lets nobody in through the way of its standby', async () => {
    const { address, replicationPort } = server.row;
    const outsider = { host: address, port: replicationPort!, ssl: { rejectUnauthorized: false } };
    // The tests are another user's than mysqld's where they run as root; elsewhere the account keeps them out.
    await expect(createConnection({ ...outsider, user: 'flexdeck_replication' })).rejects.toThrow(
      /not allowed|Access denied/,
    );
    const through = createConnection({
      ...server.target,
      user: 'flexdeck_replication',
      password: '',
      ssl: outsider.ssl,
    });
    await expect(through).rejects.toThrow(/Access denied/);
  });
});

describe('nothing acknowledged is lost', () => {
  test('in a planned failover, and nobody is refused', LONG, async () => {
    const { epoch } = server.row;
    const { refused, errors } = await underLoad(async () => succeed(await pair.daemon.arm('POST', `${id}/failover`)));
    expect(refused, JSON.stringify(errors)).toBe(0);
    expect(server.row.epoch).toBe(epoch + 1);
    const { body } = await pair.daemon.arm('GET', id);
    expect(body.properties).toMatchObject({
      availabilityZone: '2',
      highAvailability: { state: 'Healthy', standbyAvailabilityZone: '1' },
    });
    expect(lastFailover()).toMatchObject({ kind: 'planned', status: 'Succeeded', fromZone: '1', toZone: '2' });
    expect(standbysLost(), 'the rejoined standby is not taken for lost').toBe(0);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)('to %s of the primary', LONG, async (signal) => {
    const { epoch } = server.row;
    await underLoad(async () => {
      server.signal('primary', signal);
      await server.failsOver(epoch);
    });
    expect(lastFailover()).toMatchObject({ kind: 'automatic', status: 'Succeeded' });
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)('to %s of the standby', LONG, async (signal) => {
    const { epoch } = server.row;
    await underLoad(async () => {
      server.signal('standby', signal);
      await server.becomes('CreatingStandby', 30 * SECONDS);
    });
    expect(server.row.epoch).toBe(epoch);
  });

  all.each(['SIGKILL', 'SIGSTOP'] as const)('to %s of both', LONG, async (signal) => {
    await underLoad(async () => {
      const pids = [server.primary.process!.pid, server.standby.process!.pid];
      pids.forEach((pid) => process.kill(pid, signal));
      await server.becomes('CreatingStandby', 60 * SECONDS);
    });
  });

  all('to kill -9 of the gateway', LONG, async () => {
    await underLoad(() => void process.kill(pair.daemon.ready.pids.gateway, 'SIGKILL'));
    pair.daemon.ready.pids.gateway = -1;
  });

  all('to kill -9 of the daemon, and of the primary while it is away', LONG, async () => {
    await underLoad(async () => {
      await pair.daemon.kill9();
      server.signal('primary', 'SIGKILL');
      await pair.startDaemon();
    });
  });

  test('when the standby comes back with what it had not executed, and then the primary dies', LONG, async () => {
    const { epoch } = server.row;
    const log = () => readFileSync(join(pair.home, 'daemon.log'), 'utf8');
    const before = log().length;
    await underLoad(async () => {
      // It receives and acknowledges, and executes nothing.
      const lock = server.on('standby', async (own) => {
        await own.query('FLUSH TABLES WITH READ LOCK');
        await own.query('DO SLEEP(60)');
      });
      lock.catch(() => {});
      await pair.unexecuted(20);
      server.signal('standby', 'SIGKILL');
      await server.becomes('CreatingStandby', 30 * SECONDS);
      await server.becomes('Healthy');
      // From its own files, and not from a new copy, which would prove nothing.
      expect(log().slice(before)).not.toContain('made anew');
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch);
    });
  });

  all('when the standby freezes with what it had not executed, and the primary dies', LONG, async () => {
    const { epoch } = server.row;
    await underLoad(async () => {
      const lock = server.on('standby', async (own) => {
        await own.query('FLUSH TABLES WITH READ LOCK');
        await own.query('DO SLEEP(60)');
      });
      lock.catch(() => {});
      await pair.unexecuted(20);
      // It is ended and started again in the middle of the failover, and has to go on from its files.
      server.signal('standby', 'SIGSTOP');
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch);
    });
  });

  all('to replication that breaks while both live', LONG, async () => {
    await underLoad(async () => {
      await server.on('standby', (own) => own.query('STOP REPLICA SQL_THREAD'));
      await server.becomes('CreatingStandby', 30 * SECONDS);
    });
  });

  all('in two failovers in a row', LONG, async () => {
    const { epoch } = server.row;
    await underLoad(async () => {
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch);
      await server.becomes('Healthy');
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch + 1);
    });
  });

  all('when the primary dies while its standby is made: it comes back by itself', LONG, async () => {
    const { epoch } = server.row;
    await underLoad(async () => {
      server.signal('standby', 'SIGKILL');
      await server.becomes('CreatingStandby', 30 * SECONDS);
      server.signal('primary', 'SIGKILL');
    });
    expect(server.row.epoch).toBe(epoch);
  });
});

describe('a daemon that dies', () => {
  /** Before and after each step that it has, and its end. */
  function positions(kind: FailoverInput['kind']): string[] {
    const { steps } = OPERATIONS['failover-server'];
    const needed = steps.filter((step) => step.needed?.({ input: { kind } } as never) !== false);
    return [...needed.map(({ name }) => name), 'published'].flatMap((step) => [
      `failover-server/${step}/before`,
      `failover-server/${step}/after`,
    ]);
  }
  const SAMPLE = ['failover-server/primaryDrained/after', 'failover-server/standbyPromoted/after'];
  const planned = positions('planned').filter((it) => ALL || SAMPLE.includes(it));

  async function dieAt(position: string, begin: () => Promise<unknown> | unknown): Promise<void> {
    await pair.daemon.kill9();
    await pair.startDaemon({ FLEXDECK_FAILPOINT: position });
    await begin();
    expect(await pair.daemon.exited).toBe('SIGKILL');
    await pair.startDaemon();
    await until(60 * SECONDS, () => server.read(listOperationsInProgress).length === 0 || undefined);
  }

  test.each(planned)('at %s of a planned failover finishes it', LONG, async (position) => {
    const { epoch } = server.row;
    await underLoad(() => dieAt(position, () => pair.daemon.arm('POST', `${id}/failover`).catch(() => {})));
    expect(server.row.epoch).toBe(epoch + 1);
  });

  const automatic = positions('automatic');
  all.each(automatic)('at %s of an automatic one finishes it', LONG, async (position) => {
    const { epoch } = server.row;
    await underLoad(() => dieAt(position, () => server.signal('primary', 'SIGKILL')));
    expect(server.row.epoch).toBe(epoch + 1);
  });
});

describe('the life of a pair', () => {
  test('refuses to fail over while the standby is not there', LONG, async () => {
    await server.becomes('Healthy');
    server.signal('standby', 'SIGKILL');
    await server.becomes('CreatingStandby', 30 * SECONDS);
    const answer = await pair.daemon.arm('POST', `${id}/failover`);
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'HighAvailabilityNotHealthy' } } });
    await server.becomes('Healthy');
  });

  test('keeps its logs, and the history of its statements, when the other takes over', LONG, async () => {
    await server.becomes('Healthy');
    const values = { slow_query_log: 'ON', long_query_time: '0' };
    await succeed(
      await pair.daemon.arm('POST', `${id}/updateConfigurations`, {
        value: Object.entries(values).map(([name, value]) => ({
          name,
          properties: { value, source: 'user-override' },
        })),
      }),
    );
    const counted: number[] = [];
    const sampler = createStatementSampler({
      elapsed: () => performance.now(),
      keep: (_, __, { statements }) => {
        const found = statements.find(({ statement }) => statement?.text.includes('`counted`'));
        counted.push(found?.counters.count ?? 0);
      },
      failed: (_, failure) => {
        throw failure;
      },
    });
    const look = async () => {
      const { primary } = server;
      const socket = server.socketOf(primary);
      await sampler.look([{ id: 'pair', process: primary.process!, socket }], 0);
    };
    const run = async (marker: string, times: number) => {
      const { target } = server;
      const session = await createConnection({ ...target, password: PASSWORD, ssl: { rejectUnauthorized: false } });
      for (let time = 0; time < times; time++) await session.query(`SELECT '${marker}' AS \`counted\``);
      await session.end();
    };
    try {
      await look();
      await run('said before', 5);
      await look();
      expect(counted.at(-1)).toBe(5);
      const { epoch } = server.row;
      await succeed(await pair.daemon.arm('POST', `${id}/failover`));
      expect(server.row.epoch).toBeGreaterThan(epoch);
      await look();
      await run('said after', 3);
      await look();
      expect(counted.at(-1)).toBe(3);
    } finally {
      sampler.close();
    }
    for (const [search, times] of [
      ['said before', 5],
      ['said after', 3],
    ] as const) {
      const query = new URLSearchParams({ search, 'api-version': FLEXDECK_LOCAL_VERSION });
      const { body } = await pair.daemon.arm('GET', `${id}/providers/Flexdeck.Local/logEntries?${query}`);
      expect(body.value, search).toHaveLength(times);
    }
  });

  all('stops and starts with both, and scales', LONG, async () => {
    await succeed(await pair.daemon.arm('POST', `${id}/stop`));
    expect(server.row.haState).toBe('Resting');
    await succeed(await pair.daemon.arm('POST', `${id}/start`));
    await expectWhole(server, acknowledged);
    await succeed(await pair.daemon.arm('PATCH', id, { sku: { name: 'Standard_D4ads_v5', tier: 'GeneralPurpose' } }));
    await expectWhole(server, acknowledged);
    await succeed(await pair.daemon.arm('POST', `${id}/restart`, {}));
    await expectWhole(server, acknowledged);
  });

  test('gives its standby up and gets a new one, and no session ends', LONG, async () => {
    const session = await createConnection({
      ...server.target,
      password: PASSWORD,
      ssl: { rejectUnauthorized: false },
    });
    await session.query('SET @mark = 1');
    await succeed(await pair.daemon.arm('PATCH', id, { properties: { highAvailability: { mode: 'Disabled' } } }));
    expect((await pair.daemon.arm('GET', id)).body.properties.highAvailability).toMatchObject({
      mode: 'Disabled',
      state: 'NotEnabled',
      standbyAvailabilityZone: '',
    });
    await succeed(await pair.daemon.arm('PATCH', id, { properties: { highAvailability: { mode: 'SameZone' } } }));
    const { body } = await pair.daemon.arm('GET', id);
    expect(body.properties.highAvailability).toMatchObject({
      mode: 'SameZone',
      state: 'Healthy',
      standbyAvailabilityZone: body.properties.availabilityZone,
    });
    const [found] = await session.query('SELECT @mark AS mark');
    expect(found).toEqual([{ mark: 1 }]);
    session.destroy();
    await expectWhole(server, acknowledged);
  });

  test('is deleted with both', LONG, async () => {
    await succeed(await pair.daemon.arm('DELETE', id));
    expect(server.row).toBeUndefined();
  });
});
