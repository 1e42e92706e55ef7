import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FrontCounters } from '../../gateway/protocol.ts';
import { METRICS, OFFERED_METRICS } from '../catalog.ts';
import { fileSizes, storageLevels } from './files.ts';
import { gatewayReadings } from './gateway.ts';
import { parseStatus } from './mysql.ts';
import { capacity, cpuPercent, cpuSeconds, percent, readProcess, residentBytes } from './process.ts';

// A name may hold brackets and spaces; 1234 ticks of user and 766 of system time.
const STAT = `77 (mysqld (a) b) S 1 77 77 0 -1 4194560 5000 0 10 0 1234 766 0 0 20 0 40 0 555 900 800 ${'0 '.repeat(30)}`;
const STATUS = 'Name:\tmysqld\nVmPeak:\t  900 kB\nVmRSS:\t  524288 kB\nThreads:\t40\n';

describe('the kernel’s words', () => {
  it('are read', () => {
    expect(cpuSeconds(STAT)).toBe(20);
    expect(residentBytes(STATUS)).toBe(512 * 1024 ** 2);
    expect(residentBytes('Name:\tmysqld\nState:\tZ (zombie)\n')).toBeNaN();
  });

  it('give shares of the size, as far as this machine has it', () => {
    const machine = { memoryBytes: 16 * 1024 ** 3, cpus: 2 };
    expect(capacity({ vCores: 8, memoryGiB: 64 }, machine)).toEqual({ cpus: 2, memoryBytes: 16 * 1024 ** 3 });
    expect(capacity({ vCores: 1, memoryGiB: 2 }, machine)).toEqual({ cpus: 1, memoryBytes: 2 * 1024 ** 3 });
    expect(cpuPercent(new Map([['cpu seconds', 3]]), 15_000, 2)).toBe(10);
    expect(cpuPercent(new Map(), 15_000, 2)).toBeUndefined();
    // Nothing holds it to its size.
    expect(percent(30, 15)).toBe(100);
    expect(percent(1, 0)).toBe(0);
  });

  it('are none once the process has ended', () => {
    const gone = readProcess({ pid: 1, life: 'x', memoryBytes: 1 }, () => {
      throw new Error('ENOENT');
    });
    expect(gone).toEqual({ counters: new Map(), levels: new Map() });
  });
});

describe('MySQL’s status', () => {
  it('becomes counters and levels by the metrics’ names', () => {
    const { counters, levels, ageMs } = parseStatus(
      [
        { Variable_name: 'Queries', Value: '120' },
        { Variable_name: 'Aborted_connects', Value: '4' },
        { Variable_name: 'Uptime', Value: '61' },
        { Variable_name: 'Threads_running', Value: '2' },
        { Variable_name: 'lock_deadlocks', Value: 1 },
        { Variable_name: 'active_transactions', Value: 3 },
        { Variable_name: 'storage_io_count', Value: null },
        { Variable_name: 'Innodb_buffer_pool_pages_free', Value: '' },
        { Variable_name: 'Something_else', Value: '9' },
      ],
      'life',
    );
    expect(counters).toEqual(
      new Map([
        ['Queries', 120],
        ['aborted_connections', 4],
        ['lock_deadlocks', 1],
      ]),
    );
    expect(levels).toEqual(
      new Map([
        ['Uptime', 61],
        ['Threads_running', 2],
        ['active_transactions', 3],
      ]),
    );
    expect(ageMs).toBe(61_000);
  });
});

describe('the gateway’s counts', () => {
  const front = (serverId: string, opened: number, port = 3306): FrontCounters =>
    ({ serverId, port, opened, bytesIn: 10, bytesOut: 20, activeSessions: 1 }) as FrontCounters;

  const ofA = { serverId: 'a', port: 3306 };

  it('are those of the server’s clients, without its standby', () => {
    const { counters, levels } = gatewayReadings([front('a', 2), front('b', 7), front('a', 3, 25001)], ofA, 'gateway');
    expect(counters).toEqual(
      new Map([
        ['network_bytes_ingress', 10],
        ['network_bytes_egress', 20],
        ['total_connections', 2],
      ]),
    );
    expect(levels).toEqual(new Map([['active_connections', 1]]));
  });

  it('of a server without a front are unknown, not zero', () => {
    expect(gatewayReadings([], ofA, 'gateway').levels.size).toBe(0);
  });
});

describe('files', () => {
  it('are counted by what they are, holes not at all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fd-files-'));
    try {
      mkdirSync(join(folder, 'shop'));
      mkdirSync(join(folder, '#innodb_redo'));
      for (const name of ['shop/t.ibd', 'mysql.ibd', 'ibdata1', 'binlog.000001', '#innodb_redo/#ib_redo1']) {
        writeFileSync(join(folder, name), Buffer.alloc(8192, 1));
      }
      writeFileSync(join(folder, 'undo_001'), '');
      truncateSync(join(folder, 'undo_001'), 1024 ** 3);
      const levels = storageLevels(await fileSizes(folder), 1024, 81_920);
      expect(Object.fromEntries(levels)).toMatchObject({
        data_storage_used: 16_384,
        ibdata1_storage_used: 8192,
        binlog_storage_used: 8192,
        others_storage_used: 8192,
        storage_used: 40_960,
        storage_limit: 81_920,
        storage_percent: 50,
        serverlog_storage_usage: 1024,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the catalogue', () => {
  it('has Azure’s 55 and one of its own, and offers those that something here can measure', () => {
    expect(METRICS).toHaveLength(56);
    expect(new Set(METRICS.map(({ name }) => name.toLowerCase())).size).toBe(56);
    expect(OFFERED_METRICS).toHaveLength(53);
  });
});
