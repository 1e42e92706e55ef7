/** What clients do besides adding rows, at the moment of a failover. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rows } from '../mysql/client.ts';
import { listFailovers } from '../store/failovers.ts';
import { until, type ArmAnswer } from '../testing/daemon.ts';
import { FaultedPair } from '../testing/faulted-pair.ts';
import { connectTo } from '../testing/writers.ts';

const SECONDS = 1000;
const LONG = { timeout: 240 * SECONDS };

const pair = new FaultedPair('loaded');
const { server } = pair;

// Minutes: only with all other faults.
describe.runIf(process.env.FLEXDECK_ALL_FAULTS === '1')('a pair whose clients do more than add rows', () => {
  beforeAll(() => pair.create(), 180 * SECONDS);
  afterAll(() => pair.destroy(process.env.FLEXDECK_KEEP_LOGS !== undefined));

  const failOver = (): Promise<ArmAnswer> => pair.daemon.arm('POST', `${pair.id}/failover`);
  const lastFailover = () => server.read((database) => listFailovers(database, server.row.id))[0];

  /** A session whose end is no test's failure. */
  async function session(): Promise<Connection> {
    const connection = await connectTo(server.target);
    connection.on('error', () => {});
    return connection;
  }

  async function setParameters(values: Record<string, string>): Promise<void> {
    const value = Object.entries(values).map(([name, it]) => ({
      name,
      properties: { value: it, source: 'user-override' },
    }));
    await pair.succeed(await pair.daemon.arm('POST', `${pair.id}/updateConfigurations`, { value }));
  }

  /** More clients than there is room for, which come again and again. */
  function crowd(count: number): { inside(): number; stop(): Promise<void> } {
    const inside = new Set<Connection>();
    const stopping = new AbortController();
    const clients = Array.from({ length: count }, async () => {
      while (!stopping.signal.aborted) {
        const client = await session().catch(() => delay(20));
        if (!client) continue;
        inside.add(client);
        while (!stopping.signal.aborted && (await client.query('DO 0').then(Boolean, () => false))) await delay(100);
        inside.delete(client);
        client.destroy();
      }
    });
    return {
      inside: () => inside.size,
      async stop() {
        stopping.abort();
        await Promise.all(clients);
      },
    };
  }

  test('fails over, gets its standby back and starts again while all connections are taken', LONG, async () => {
    await setParameters({ max_connections: '30', event_scheduler: 'ON' });
    const maker = await session();
    await maker.query('CREATE EVENT checker.often ON SCHEDULE EVERY 1 SECOND DO DO 0');
    maker.destroy();
    const { inside, stop } = crowd(40);
    const isFull = () => until(30 * SECONDS, () => inside() >= 20 || undefined);
    try {
      await isFull();
      await pair.succeed(await failOver());
      await server.becomes('Healthy');
      await isFull();
      const { epoch } = server.row;
      server.signal('primary', 'SIGKILL');
      await server.failsOver(epoch);
      await server.becomes('Healthy');
      await isFull();
      server.signal('standby', 'SIGKILL');
      await pair.daemon.kill9();
      await pair.startDaemon();
      await server.becomes('Healthy');
      await isFull();
      server.signal('standby', 'SIGKILL');
      await server.becomes('CreatingStandby', 30 * SECONDS);
      server.signal('primary', 'SIGKILL');
      await server.becomes('Healthy');
      expect(server.row.state).toBe('Ready');
    } finally {
      await stop();
    }
    const events = `SELECT status FROM information_schema.events WHERE event_name = 'often'`;
    expect(await server.on('primary', (own) => rows(own, events))).toEqual([{ STATUS: 'ENABLED' }]);
    await setParameters({ max_connections: '171', event_scheduler: 'OFF' });
  });

  describe('in a planned failover', () => {
    beforeAll(async () => {
      const maker = await session();
      await maker.query('CREATE TABLE checker.large (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200))');
      await maker.query(`INSERT INTO checker.large (text) VALUES (REPEAT('x', 200))`);
      for (let doubled = 0; doubled < 16; doubled++) {
        await maker.query('INSERT INTO checker.large (text) SELECT text FROM checker.large');
      }
      maker.destroy();
    }, 120 * SECONDS);

    test('a change of a table is let finish before anybody waits', LONG, async () => {
      const { longestGapMs, refused } = await pair.underLoad(async () => {
        const { epoch } = server.row;
        const changer = await session();
        const changed = changer.query(
          'ALTER TABLE checker.large ADD INDEX texts (text), ADD COLUMN one INT, ALGORITHM=COPY',
        );
        changed.catch(() => {});
        await delay(1_200);
        await pair.succeed(await failOver());
        await changed;
        expect(server.row.epoch).toBe(epoch + 1);
        changer.destroy();
      });
      expect(refused).toBe(0);
      expect(longestGapMs).toBeLessThan(8 * SECONDS);
    });

    test('a statement without an end is ended', LONG, async () => {
      const { epoch } = server.row;
      await pair.underLoad(async () => {
        const endless = await session();
        const never = endless.query('INSERT INTO checker.large (text) SELECT SLEEP(600)');
        const ended = expect(never).rejects.toThrow();
        await delay(500);
        await pair.succeed(await failOver());
        await ended;
      });
      expect(server.row.epoch).toBe(epoch + 1);
      expect(lastFailover()!.downtimeMs).toBeLessThan(10 * SECONDS);
    });

    test.each(['planned', 'SIGKILL'] as const)(
      'what was prepared (XA) can be ended after it: %s',
      LONG,
      async (how) => {
        const one = await session();
        await one.query('REPLACE INTO checker.large (id, text) VALUES (1, ?)', ['before']);
        for (const statement of ['START', 'END', 'PREPARE']) {
          await one.query(`XA ${statement} 'one'`);
          if (statement === 'START') await one.query(`UPDATE checker.large SET text = 'after' WHERE id = 1`);
        }
        await pair.underLoad(async () => {
          const { epoch } = server.row;
          if (how === 'planned') await pair.succeed(await failOver());
          else server.signal('primary', how);
          await server.failsOver(epoch);
        });
        const other = await session();
        await other.query(`XA COMMIT 'one'`);
        const [found] = await other.query('SELECT text FROM checker.large WHERE id = 1');
        expect(found).toEqual([{ text: 'after' }]);
        other.destroy();
        await server.becomes('Healthy');
      },
    );
  });

  test('a primary is back sooner than a standby that needs more than a minute', LONG, async () => {
    const { epoch } = server.row;
    await pair.underLoad(async () => {
      const lock = server.on('standby', async (own) => {
        await own.query('LOCK TABLES checker.numbers READ');
        await own.query('DO SLEEP(75)');
      });
      lock.catch(() => {});
      await pair.unexecuted(20);
      server.signal('primary', 'SIGKILL');
      await server.becomes('FailingOver', 30 * SECONDS);
      await server.becomes('CreatingStandby', 90 * SECONDS);
    });
    expect(server.row.epoch).toBe(epoch);
    expect(lastFailover()).toMatchObject({ kind: 'automatic', status: 'Failed' });
  });
});
