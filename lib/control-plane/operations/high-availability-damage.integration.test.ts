import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from '../mysql/client.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { readExecuted } from '../mysql/replication.ts';
import { listFailovers } from '../store/failovers.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { until } from '../testing/daemon.ts';
import { SmallDisk } from '../testing/small-disk.ts';
import { FaultedPair } from '../testing/faulted-pair.ts';
import { connectTo } from '../testing/writers.ts';

const SECONDS = 1000;
const LONG = { timeout: 180 * SECONDS };

/** All faults: minutes. Otherwise a sample. */
const ALL = process.env.FLEXDECK_ALL_FAULTS === '1';
const all = test.runIf(ALL);

const pair = new FaultedPair('damaged');
const { server } = pair;

beforeAll(() => pair.create(), 180 * SECONDS);
afterAll(() => pair.destroy(process.env.FLEXDECK_KEEP_LOGS !== undefined));

/** How many transactions the standby has neither executed nor received. */
async function missingOnStandby(): Promise<number> {
  const [executed] = await server.on('primary', (own) =>
    rows<{ executed: string }>(own, 'SELECT @@GLOBAL.gtid_executed AS executed'),
  );
  const [row] = await server.on('standby', (own) =>
    rows<{ missing: string }>(own, 'SELECT GTID_SUBTRACT(?, @@GLOBAL.gtid_executed) AS missing', [executed!.executed]),
  );
  return GtidSet.parse(row!.missing).count();
}

all('a primary that cannot be started again hands over what only its binary log has', LONG, async () => {
  const { epoch } = server.row;
  await pair.underLoad(async () => {
    // A standby that comes back and executes nothing: writers go on without it.
    server.signal('standby', 'SIGKILL');
    await server.becomes('CreatingStandby', 30 * SECONDS);
    const lock = Promise.withResolvers<void>();
    const held = until(60 * SECONDS, () =>
      server
        .on('standby', async (own) => {
          // One that is made anew has nothing at first, and a lock would keep it from getting it.
          if ((await readExecuted(own)) === '') return undefined;
          // Of the writers' table alone: the daemon's own first words to it would wait for a lock of all of them.
          await own.query('LOCK TABLES checker.numbers READ');
          lock.resolve();
          // The lock ends with the session: where that is lost, the standby that comes next is locked.
          await until(60 * SECONDS, async () => {
            await own.query('DO 0');
            return server.primary.desired === 'stopped' || undefined;
          });
          return true;
        })
        .catch(() => undefined),
    );
    await lock.promise;
    // Before that, its data may still be given up for a copy of the primary, which needs the primary.
    const hasData = () =>
      server
        .read(listOperationsInProgress)
        .some(
          ({ kind, stage }) =>
            kind === 'rebuild-standby' && /^(Starting replication|Catching up with the primary)$/.test(stage),
        );
    const isFarBehind = async () => hasData() && (await missingOnStandby()) > 100;
    await until(60 * SECONDS, async () => (await isFarBehind().catch(() => false)) || undefined);
    expect(server.row.haState).toBe('CreatingStandby');
    losePrimaryForGood();
    await server.failsOver(epoch, 90 * SECONDS);
    await held;
  });
  const [failover] = server.read((database) => listFailovers(database, server.row.id));
  expect(failover).toMatchObject({ kind: 'automatic', status: 'Succeeded' });
  expect(failover!.reason).toMatch(/left alone/);
});

all('a primary that dies while it sends a large transaction is taken over from at once', LONG, async () => {
  await pair.underLoad(async () => {
    const { epoch } = server.row;
    await server.on('primary', (own) =>
      own.query('CREATE TABLE checker.large (n INT PRIMARY KEY, text VARCHAR(1000))'),
    );
    const large = server.on('primary', async (own) => {
      await own.query('SET SESSION cte_max_recursion_depth = 1000000');
      await own.query(
        `INSERT INTO checker.large WITH RECURSIVE many AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM many WHERE n < 100000)
           SELECT n, repeat('x', 1000) FROM many`,
      );
    });
    large.catch(() => {});
    await server.on('standby', (own) =>
      until(
        60 * SECONDS,
        async () => {
          const [row] = await rows<{ n: number }>(
            own,
            `SELECT count(*) AS n FROM performance_schema.replication_applier_status_by_worker
              WHERE applying_transaction <> ''
                AND applying_transaction_start_apply_timestamp < now(6) - INTERVAL 0.2 SECOND`,
          );
          return row!.n > 0 || undefined;
        },
        5,
      ),
    );
    server.signal('primary', 'SIGKILL');
    await server.failsOver(epoch, 10 * SECONDS);
    await expect(large).rejects.toThrow();
  });
  expect(await server.on('primary', (own) => rows(own, 'SELECT count(*) AS n FROM checker.large'))).toEqual([{ n: 0 }]);
});

/** Beyond repair: its process is gone and its data is damaged. */
function losePrimaryForGood(): void {
  const { process: mysqld, id } = server.primary;
  truncateSync(join(pair.home, 'instances', id, 'data', 'mysql.ibd'), 0);
  process.kill(mysqld!.pid, 'SIGKILL');
}

/** Writes to the standby what the primary never hears of. */
async function leadAstray(name: string): Promise<void> {
  await server.on('standby', async (own) => {
    await own.query('SET GLOBAL super_read_only = OFF');
    await own.query(`CREATE DATABASE ${name}`);
    await own.query('SET GLOBAL super_read_only = ON');
  });
}

async function databasesOn(side: 'primary' | 'standby'): Promise<string[]> {
  return (await server.on(side, (own) => rows<{ Database: string }>(own, 'SHOW DATABASES'))).map((row) => row.Database);
}

describe('a standby with transactions of its own', () => {
  test(
    'has its copy still while it is made anew, and takes over with that when the primary is lost',
    LONG,
    async () => {
      const { epoch } = server.row;
      const { id } = server.standby;
      const former = join(pair.home, 'instances', id, 'data.former');
      await pair.underLoad(async () => {
        await leadAstray('astray');
        await server.becomes('CreatingStandby', 30 * SECONDS);
        expect(server.row.haReason).toMatch(/1 transaction that the primary does not have/);
        await until(60 * SECONDS, () => existsSync(former) || undefined);
        losePrimaryForGood();
        await server.failsOver(epoch, 90 * SECONDS);
        expect(existsSync(former)).toBe(false);
      });
      expect(server.primary.id).toBe(id);
      expect(await databasesOn('primary')).toContain('astray');
      const [failover] = server.read((database) => listFailovers(database, server.row.id));
      expect(failover).toMatchObject({ kind: 'automatic', status: 'Succeeded' });
      expect(failover!.reason).toMatch(/also has one transaction that the former primary’s binary log does not have/);
    },
  );

  all('is made anew, and does not have them any more', LONG, async () => {
    const { epoch } = server.row;
    await pair.underLoad(async () => {
      await leadAstray('astray_again');
      await server.becomes('CreatingStandby', 30 * SECONDS);
      await server.becomes('Healthy');
    });
    expect(server.row.epoch).toBe(epoch);
    expect(await databasesOn('standby')).not.toContain('astray_again');
    expect(existsSync(join(pair.home, 'instances', server.standby.id, 'data.former'))).toBe(false);
  });
});

describe('a planned failover that does not come about', () => {
  const positions = ['primaryDrained', 'standbyPromoted'].filter((step) => ALL || step === 'standbyPromoted');

  test.each(positions)('at %s leaves everything as it was', LONG, async (step) => {
    const { epoch } = server.row;
    const primary = server.primary.id;
    await server.becomes('Healthy');
    await pair.daemon.kill9();
    await pair.startDaemon({ FLEXDECK_FAILPOINT: `failover-server/${step}/fails` });
    const { refused, errors } = await pair.underLoad(async () => {
      const ended = await pair.daemon.ended(await pair.daemon.arm('POST', `${pair.id}/failover`));
      expect(ended).toMatchObject({ status: 'Failed' });
    });
    expect(refused, JSON.stringify(errors)).toBe(0);
    expect(server.row).toMatchObject({ epoch, state: 'Ready' });
    expect(server.primary.id).toBe(primary);
    await pair.daemon.kill9();
    await pair.startDaemon();
  });
});

describe('at the same time', () => {
  test('two failovers are asked for, and a firewall rule: one of the two and the rule come about', LONG, async () => {
    const { epoch } = server.row;
    const rule = { properties: { startIpAddress: '127.0.0.2', endIpAddress: '127.0.0.2' } };
    await pair.underLoad(async () => {
      const [one, other, firewall] = await Promise.all([
        pair.daemon.arm('POST', `${pair.id}/failover`),
        pair.daemon.arm('POST', `${pair.id}/failover`),
        pair.daemon.arm('PUT', `${pair.id}/firewallRules/meanwhile`, rule),
      ]);
      expect([one.status, other.status].toSorted()).toEqual([202, 409]);
      expect([one, other].find(({ status }) => status === 409)!.body.error.code).toBe('ServerIsBusy');
      await pair.succeed(one.status === 202 ? one : other);
      await pair.succeed(firewall);
    });
    expect(server.row.epoch).toBe(epoch + 1);
    await expect(connectTo({ ...server.target, localAddress: '127.0.0.2' }).then((it) => it.end())).resolves.toBe(
      undefined,
    );
    await expect(connectTo({ ...server.target, localAddress: '127.0.0.3' })).rejects.toThrow(/not allowed/);
  });

  all('the primary dies and a firewall rule is changed', LONG, async () => {
    const { epoch } = server.row;
    await pair.underLoad(async () => {
      const gone = pair.daemon.arm('DELETE', `${pair.id}/firewallRules/meanwhile`);
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch);
      await pair.succeed(await gone);
    });
    await expect(connectTo({ ...server.target, localAddress: '127.0.0.2' })).rejects.toThrow(/not allowed/);
  });
});

describe('replication that goes wrong in silence', () => {
  all('is noticed when commits do not wait for the standby any more', LONG, async () => {
    await pair.underLoad(async () => {
      await server.on('primary', (own) => own.query('SET GLOBAL rpl_semi_sync_source_enabled = OFF'));
      await server.becomes('CreatingStandby', 30 * SECONDS);
      expect(server.row.haReason).toMatch(/commits do not wait for it/);
    });
  });

  all('is ended when something of its own keeps it from executing', { timeout: 300 * SECONDS }, async () => {
    await pair.underLoad(async () => {
      const lock = server.on('standby', async (own) => {
        await own.query('FLUSH TABLES WITH READ LOCK');
        await own.query('DO SLEEP(300)');
      });
      lock.catch(() => {});
      await server.becomes('CreatingStandby', 120 * SECONDS);
      expect(server.row.haReason).toMatch(/waits for a lock/);
    });
  });

  all('does not keep writers when its receiver stops', LONG, async () => {
    await pair.underLoad(async () => {
      await server.on('standby', (own) => own.query('STOP REPLICA IO_THREAD'));
      await server.becomes('CreatingStandby', 30 * SECONDS);
    });
  });

  all('does not keep writers when nobody acknowledges', LONG, async () => {
    await pair.underLoad(async () => {
      await server.on('standby', async (own) => {
        await own.query('SET GLOBAL rpl_semi_sync_replica_enabled = OFF');
        await own.query('STOP REPLICA IO_THREAD');
        await own.query('START REPLICA IO_THREAD');
      });
      await server.becomes('CreatingStandby', 30 * SECONDS);
      await server.on('standby', (own) => own.query('SET GLOBAL rpl_semi_sync_replica_enabled = ON'));
    });
  });

  all('makes a standby anew that cannot read what it has received', { timeout: 300 * SECONDS }, async () => {
    await pair.underLoad(async () => {
      const lock = server.on('standby', async (own) => {
        await own.query('FLUSH TABLES WITH READ LOCK');
        await own.query('DO SLEEP(60)');
      });
      lock.catch(() => {});
      await pair.unexecuted(20);
      const folder = join(pair.home, 'instances', server.standby.id, 'data');
      const newest = readdirSync(folder)
        .filter((name) => /^relay\.\d+$/.test(name))
        .toSorted()
        .at(-1)!;
      await pair.daemon.kill9();
      server.signal('standby', 'SIGKILL');
      const file = join(folder, newest);
      truncateSync(file, statSync(file).size - 3000);
      await pair.startDaemon();
      await server.becomes('CreatingStandby', 30 * SECONDS);
      await server.becomes('Healthy', 120 * SECONDS);
    });
  });
});

describe('a machine with every processor taken', () => {
  all('is not mistaken for a dead primary, nor for a lost standby', LONG, async () => {
    await server.becomes('Healthy');
    const { epoch, haSince } = server.row;
    const busy = `for (const end = Date.now() + 60_000; Date.now() < end;);`;
    const hogs = Array.from({ length: availableParallelism() }, () =>
      spawn(process.execPath, ['-e', busy], { stdio: 'ignore', detached: true }),
    );
    try {
      await pair.underLoad(() => delay(40 * SECONDS));
    } finally {
      for (const hog of hogs) hog.kill('SIGKILL');
    }
    expect(server.row).toMatchObject({ epoch, haSince });
  });
});

describe.runIf(ALL && SmallDisk.isPossible())('a disk that is full', () => {
  async function onSmallDisk(side: 'primary' | 'standby', work: (disk: SmallDisk) => Promise<void>): Promise<void> {
    await server.becomes('Healthy');
    await pair.succeed(await pair.daemon.arm('POST', `${pair.id}/stop`));
    await using disk = await SmallDisk.around(join(pair.home, 'instances', server[side].id), 64);
    await pair.succeed(await pair.daemon.arm('POST', `${pair.id}/start`));
    await pair.underLoad(() => work(disk));
    // Nothing of it may be in use when it goes.
    await pair.succeed(await pair.daemon.arm('POST', `${pair.id}/stop`));
    await disk.moveBack();
    await pair.succeed(await pair.daemon.arm('POST', `${pair.id}/start`));
    await server.becomes('Healthy');
  }

  test('of the primary: the standby takes over', { timeout: 300 * SECONDS }, async () => {
    const { epoch } = server.row;
    await onSmallDisk('primary', async (disk) => {
      disk.fill();
      await server.failsOver(epoch);
      await until(30 * SECONDS, () => /disk of the standby is full/.test(server.row.haReason ?? '') || undefined);
      disk.empty();
    });
    const [failover] = server.read((database) => listFailovers(database, server.row.id));
    // Some writes InnoDB does not survive, others it waits with.
    expect(failover!.reason).toMatch(/its disk is full|its process ended/);
  });

  test('of the standby: writers go on without it until there is room', { timeout: 300 * SECONDS }, async () => {
    const { epoch } = server.row;
    await onSmallDisk('standby', async (disk) => {
      disk.fill();
      await server.becomes('CreatingStandby', 30 * SECONDS);
      await until(30 * SECONDS, () => /disk of the standby is full/.test(server.row.haReason ?? '') || undefined);
      disk.empty();
    });
    expect(server.row.epoch).toBe(epoch);
  });
});
