import { expect, test } from 'vitest';
import { bufferPoolBytes, mysqldOptions, optionFileText, type Machine, type ServerSize } from './options.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const instance = { id: 'a', mysqlServerId: 3, folder: '/home/instances/a', runFolder: '/run' };
const machine: Machine = { memoryBytes: 16 * GIB, cpus: 4 };
const small: ServerSize = {
  name: 'Standard_B1ms',
  vCores: 1,
  memoryGiB: 2,
  iops: 640,
  maxConnections: { default: 171, max: 341 },
  bufferPoolBytes: 512 * MIB,
  maxBufferPoolBytes: 1024 * MIB,
};

test.each([
  ['Azure’s default where the machine has enough', 512 * MIB, 16 * GIB, 512 * MIB],
  ['a sixteenth of the machine otherwise', 48 * GIB, 16 * GIB, 1024 * MIB],
  ['never less than 32 MiB', 512 * MIB, 256 * MIB, 32 * MIB],
  ['whole chunks of 32 MiB', 512 * MIB, 1.25 * GIB, 64 * MIB],
])('the buffer pool is %s', (_, wanted, memoryBytes, expected) => {
  expect(bufferPoolBytes({ bufferPoolBytes: wanted }, { memoryBytes })).toBe(expected);
});

test('a buffer pool never has more chunks than InnoDB allows', () => {
  const big = { ...small, vCores: 96, bufferPoolBytes: 512 * GIB };
  const options = mysqldOptions(instance, big, {}, { memoryBytes: 4096 * GIB, cpus: 96 });
  const chunks = Number(options.innodb_buffer_pool_size) / Number(options.innodb_buffer_pool_chunk_size);
  expect(chunks).toBeLessThanOrEqual(1000);
});

test('a user’s value takes the place of a default, never of what every server has', () => {
  const overrides = { max_connections: '50', sync_binlog: '0', skip_networking: 'OFF', datadir: '/tmp' };
  expect(mysqldOptions(instance, small, overrides, machine)).toMatchObject({
    max_connections: '50',
    sync_binlog: '1',
    skip_networking: 'ON',
    datadir: '/home/instances/a/data',
  });
});

test('an option file holds any value on one line, and nothing more', () => {
  const text = optionFileText({ init_connect: 'SET @a = "x\\y" # no comment', time_zone: '+00:00' });
  expect(text).toContain('init_connect = "SET @a = \\"x\\\\y\\" # no comment"\n');
  expect(text).toContain('default_time_zone = "+00:00"\n');
  expect(() => optionFileText({ init_connect: 'x\nskip-grant-tables' })).toThrow(/one line/);
  expect(() => optionFileText({ 'x\n[mysqld]': '1' })).toThrow(/no option/);
});
