import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instancePaths } from '../mysql/instance.ts';
import { startTestServer, type TestServer } from '../mysql/testing.ts';
import { openSamplesDatabase, appendMinute, readSeries } from '../store/samples.ts';
import { until } from '../testing/daemon.ts';
import { SmallDisk } from '../testing/small-disk.ts';
import { OFFERED_METRICS } from './catalog.ts';
import { createSampler, type SampledServer, type Sampler } from './sampler.ts';
import { createStatusReader } from './sources/mysql.ts';
import { readStandby } from './sources/standby.ts';

const MINUTE = 60_000;
const QUARTER = 15_000;
const START = Date.UTC(2026, 0, 31, 12);

/** A sampler whose clock stands still unless a test moves it; mysqld counts for itself. */
describe('measuring a real server', () => {
  let server: TestServer;
  let sampler: Sampler;
  let mark = START;
  /** Goes on whatever the clock is set to. */
  let elapsed = 0;
  let promoted: TestServer;
  const failures: { id: string; source: string }[] = [];
  const samples = openSamplesDatabase(':memory:');

  beforeAll(async () => {
    [server, promoted] = await Promise.all([startTestServer(), startTestServer()]);
    sampler = createSampler({
      elapsed: () => elapsed,
      statusReader: (socket) => createStatusReader(socket, 500),
      readStandby: (socket) => readStandby(socket, 500),
      keep: (id, minute, measured) => appendMinute(samples, id, minute, measured),
      failed: (id, source) => failures.push({ id, source }),
    });
  });

  afterAll(async () => {
    sampler?.close();
    await Promise.all([server?.remove(), promoted?.remove()]);
  });

  function sampled(id = 'one', of = server): SampledServer {
    const { socket, dataDirectory, errorLog, slowLog } = instancePaths(of.instance);
    return {
      id,
      process: of.process().identity,
      port: 3306,
      socket,
      dataDirectory,
      serverLogs: [errorLog, slowLog],
      rotatedLogsFolder: '/nowhere',
      cpus: 1,
      memoryBytes: 2 * 1024 ** 3,
      iops: 360,
      storageBytes: 20 * 1024 ** 3,
    };
  }

  async function look(servers: SampledServer[] = [sampled()]): Promise<void> {
    mark += QUARTER;
    elapsed += QUARTER;
    await sampler.look(servers, undefined, mark);
  }

  /** Four looks: the last one ends the minute. @returns its beginning. */
  async function minute(between: () => Promise<void> = async () => {}): Promise<number> {
    const from = mark;
    await look();
    await between();
    for (let index = 0; index < 3; index++) await look();
    return from;
  }

  function total(metric: string, from: number, id = 'one'): number | undefined {
    const { count, total: totals } = readSeries(samples, { serverId: id, metric, from, stepMs: MINUTE, steps: 1 });
    return count[0] === 0 ? undefined : totals[0];
  }

  it('says nothing of counters at first, and of every other metric at once', async () => {
    const from = await minute();
    const missing = OFFERED_METRICS.map(({ name }) => name).filter((name) => total(name, from) === undefined);
    // It has no standby and no backups, there is no gateway before it, and nobody credits it with processor time.
    expect(missing.toSorted()).toEqual([
      'HA_IO_status',
      'HA_SQL_status',
      'HA_replication_lag',
      'active_connections',
      'backup_storage_used',
      'backup_verification_failed',
      'cpu_credits_consumed',
      'cpu_credits_remaining',
      'network_bytes_egress',
      'network_bytes_ingress',
      'total_connections',
    ]);
    expect(total('storage_limit', from)).toBe(20 * 1024 ** 3);
    expect(total('storage_used', from)).toBeGreaterThan(50 * 1024 ** 2);
    expect(total('memory_percent', from)).toBeGreaterThan(1);
    expect(total('Uptime', from)).toBeGreaterThanOrEqual(0);
  });

  it('counts exactly what was run, beside its own two statements of each look', async () => {
    await server.asDaemon(async (connection) => {
      await connection.query('CREATE DATABASE counted');
      await connection.query('CREATE TABLE counted.t (id INT PRIMARY KEY)');
    });
    await minute();
    const LOOKS = 4;
    const from = await minute(() =>
      server.asDaemon(async (connection) => {
        for (let id = 0; id < 25; id++) await connection.query('INSERT INTO counted.t VALUES (?)', [id]);
        for (let id = 0; id < 17; id++) await connection.query('SELECT * FROM counted.t WHERE id = ?', [id]);
        for (let id = 0; id < 9; id++) await connection.query('UPDATE counted.t SET id = id + 100 WHERE id = ?', [id]);
        for (let id = 10; id < 15; id++) await connection.query('DELETE FROM counted.t WHERE id = ?', [id]);
        await connection.query('ALTER TABLE counted.t ADD COLUMN x INT');
      }),
    );
    expect(total('Com_insert', from)).toBe(25);
    expect(total('Com_update', from)).toBe(9);
    expect(total('Com_delete', from)).toBe(5);
    expect(total('Com_alter_table', from)).toBe(1);
    expect(total('Com_select', from)).toBe(17 + LOOKS);
    expect(total('Queries', from)).toBe(25 + 17 + 9 + 5 + 1 + 2 * LOOKS);
    expect(total('storage_io_count', from)).toBeGreaterThan(25);
  });

  it('has a gap while the server is down, and no fall when it is back', async () => {
    await server.kill();
    const down = mark;
    for (let index = 0; index < 4; index++) await look([]);
    expect(total('Queries', down)).toBeUndefined();
    expect(total('cpu_percent', down)).toBeUndefined();

    await server.start();
    const back = await minute();
    const next = await minute();
    for (const { name } of OFFERED_METRICS) {
      for (const from of [back, next]) expect(total(name, from) ?? 0, name).toBeGreaterThanOrEqual(0);
    }
    expect(total('Queries', next)).toBe(8);
  });

  it('goes on when its server restarts between two looks', async () => {
    await minute();
    const from = await minute(async () => {
      await server.kill();
      await server.start();
    });
    // Of the new life all that was run since it began: the daemon asking whether it is ready, and these looks.
    expect(total('Queries', from)).toBeGreaterThanOrEqual(3);
    expect(total('Queries', from)).toBeLessThan(100);
  });

  it('writes over nothing when the clock is set back, and invents nothing when it jumps ahead', async () => {
    await minute();
    const from = await minute();
    expect(total('Queries', from)).toBe(8);
    mark -= MINUTE;
    await minute(async () => void (await server.asDaemon((connection) => connection.query('SELECT 1'))));
    expect(total('Queries', from)).toBe(8);
    mark += 24 * 60 * MINUTE;
    const tomorrow = await minute();
    expect(total('Queries', tomorrow)).toBe(8);
    expect(total('Queries', tomorrow - MINUTE)).toBeUndefined();
  });

  it('takes nothing that ran elsewhere for its own when another mysqld takes over', async () => {
    await promoted.asDaemon(async (connection) => {
      for (let count = 0; count < 300; count++) await connection.query('DO 1');
    });
    // Older than what passes between two looks here, as a standby is.
    await until(10_000, () =>
      promoted.asDaemon(async (connection) => {
        const [[row]] = (await connection.query("SHOW GLOBAL STATUS LIKE 'Uptime'")) as unknown as [
          [{ Value: string }],
        ];
        return Number(row.Value) >= 3 || undefined;
      }),
    );
    const pair = (of: TestServer) => [sampled('pair', of)];
    const quickly = async (of: TestServer) => {
      mark += QUARTER;
      elapsed += 500;
      await sampler.look(pair(of), undefined, mark);
    };
    for (let index = 0; index < 4; index++) await quickly(server);
    const from = mark;
    await quickly(server);
    for (let index = 0; index < 3; index++) await quickly(promoted);
    // A look before, nothing of the first one after, and two after that.
    expect(total('Queries', from, 'pair')).toBe(2 + 2 * 2);
    expect(total('Uptime', from, 'pair')).toBeGreaterThan(0);
  });

  it.runIf(SmallDisk.isPossible())('has a gap while the store is full, and goes on once there is room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'));
    await using disk = await SmallDisk.around(folder, 2);
    const small = openSamplesDatabase(join(folder, 'samples.db'));
    const faults: string[] = [];
    const onSmall = createSampler({
      elapsed: () => elapsed,
      statusReader: (socket) => createStatusReader(socket, 500),
      readStandby: (socket) => readStandby(socket, 500),
      keep: (id, at, measured) => appendMinute(small, id, at, measured),
      failed: (_, source) => faults.push(source),
    });
    const known = (at: number) =>
      readSeries(small, { serverId: 'one', metric: 'memory_percent', from: at, stepMs: MINUTE, steps: 1 }).count[0];
    const measure = async () => {
      const from = mark;
      for (let index = 0; index < 4; index++) {
        mark += QUARTER;
        elapsed += QUARTER;
        await onSmall.look([sampled()], undefined, mark);
      }
      return from;
    };
    try {
      const before = await measure();
      disk.fill();
      const full = await measure();
      expect(faults).toEqual(['store']);
      disk.empty();
      const after = await measure();
      expect([before, full, after].map(known)).toEqual([1, 0, 1]);
    } finally {
      onSmall.close();
      small.close();
      rmSync(folder, { force: true });
    }
  });

  it('leaves the others alone when one hangs', async () => {
    const hung = sampled('hung');
    await look([hung]);
    process.kill(hung.process.pid, 'SIGSTOP');
    failures.length = 0;
    try {
      // One that does not answer at all, and whose standby hangs.
      const other = { ...sampled('other'), socket: '/nowhere.sock', standbySocket: hung.socket };
      const began = performance.now();
      await look([hung, other]);
      expect(performance.now() - began).toBeLessThan(3_000);
      // What the kernel and the files say is known of a hung one, too.
      while (mark % MINUTE !== 0) await look([hung, other]);
      expect(total('memory_percent', mark - MINUTE, 'hung')).toBeGreaterThan(0);
      expect(total('storage_used', mark - MINUTE, 'other')).toBeGreaterThan(0);
      expect(total('HA_IO_status', mark - MINUTE, 'other')).toBe(0);
      expect(failures.map(({ id }) => id)).toEqual(expect.arrayContaining(['hung', 'other']));
    } finally {
      process.kill(hung.process.pid, 'SIGCONT');
    }
  });
});
