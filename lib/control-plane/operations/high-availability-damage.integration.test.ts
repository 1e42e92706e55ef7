import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rows } from '../mysql/client.ts';
import { listFailovers } from '../store/failovers.ts';
import { until } from '../testing/daemon.ts';
import { countTransactions, FaultedPair } from '../testing/faulted-pair.ts';

const SECONDS = 1000;
const LONG = { timeout: 180 * SECONDS };

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
  return countTransactions(row!.missing);
}

test('a primary that cannot be started again hands over what only its binary log has', LONG, async () => {
  const { epoch } = server.row;
  await pair.underLoad(async () => {
    // A standby that comes back and executes nothing: writers go on without it.
    server.signal('standby', 'SIGKILL');
    await server.becomes('CreatingStandby', 30 * SECONDS);
    const lock = Promise.withResolvers<void>();
    const held = until(30 * SECONDS, () =>
      server
        .on('standby', async (own) => {
          await own.query('FLUSH TABLES WITH READ LOCK');
          lock.resolve();
          await until(60 * SECONDS, () => server.primary.desired === 'stopped' || undefined);
          return true;
        })
        .catch(() => undefined),
    );
    await lock.promise;
    await until(30 * SECONDS, async () => (await missingOnStandby()) > 100 || undefined);
    expect(server.row.haState).toBe('CreatingStandby');
    const { process: mysqld, id } = server.primary;
    truncateSync(join(pair.home, 'instances', id, 'data', 'mysql.ibd'), 0);
    process.kill(mysqld!.pid, 'SIGKILL');
    await server.failsOver(epoch, 90 * SECONDS);
    await held;
  });
  const [failover] = server.read((database) => listFailovers(database, server.row.id));
  expect(failover).toMatchObject({ kind: 'automatic', status: 'Succeeded' });
  expect(failover!.reason).toMatch(/left alone/);
});
