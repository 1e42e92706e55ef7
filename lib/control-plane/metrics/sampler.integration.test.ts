import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instancePaths } from '../mysql/instance.ts';
import { startTestServer, type TestServer } from '../mysql/testing.ts';
import { openSamplesDatabase, appendMinute, readSeries } from '../store/samples.ts';
import { OFFERED_METRICS } from './catalog.ts';
import { createSampler, type SampledServer, type Sampler } from './sampler.ts';
import { createStatusReader } from './sources/mysql.ts';

const MINUTE = 60_000;
const QUARTER = 15_000;
const START = Date.UTC(2026, 0, 31, 12);

/** A sampler whose clock stands still unless a test moves it; mysqld counts for itself. */
describe('measuring a real server', () => {
  let server: TestServer;
  let sampler: Sampler;
  let mark = START;
  const failures: { id: string; source: string }[] = [];
  const samples = openSamplesDatabase(':memory:');

  beforeAll(async () => {
    server = await startTestServer();
    sampler = createSampler({
      elapsed: () => mark,
      statusReader: (socket) => createStatusReader(socket, 500),
      keep: (id, minute, measured) => appendMinute(samples, id, minute, measured),
      failed: (id, source) => failures.push({ id, source }),
    });
  });

  afterAll(async () => {
    sampler?.close();
    await server?.remove();
  });

  function sampled(id = 'one'): SampledServer {
    const { socket, dataDirectory, errorLog, slowLog } = instancePaths(server.instance);
    return {
      id,
      process: server.process().identity,
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

  it('leaves the others alone when one hangs', async () => {
    const hung = sampled('hung');
    await look([hung]);
    process.kill(hung.process.pid, 'SIGSTOP');
    failures.length = 0;
    try {
      const other = { ...sampled('other'), socket: '/nowhere.sock' };
      const began = performance.now();
      await look([hung, other]);
      expect(performance.now() - began).toBeLessThan(3_000);
      // What the kernel and the files say is known of a hung one, too.
      while (mark % MINUTE !== 0) await look([hung, other]);
      expect(total('memory_percent', mark - MINUTE, 'hung')).toBeGreaterThan(0);
      expect(total('storage_used', mark - MINUTE, 'other')).toBeGreaterThan(0);
      expect(failures.map(({ id }) => id)).toEqual(expect.arrayContaining(['hung', 'other']));
    } finally {
      process.kill(hung.process.pid, 'SIGCONT');
    }
  });
});
