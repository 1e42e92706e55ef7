import { expect, test } from 'vitest';
import { standbyLevels } from './standby.ts';

test('a standby that follows says so, and how far behind it is', () => {
  expect([...standbyLevels({ receiving: 1, applying: 1, behind: '0.2500' })]).toEqual([
    ['HA_IO_status', 1],
    ['HA_SQL_status', 1],
    ['HA_replication_lag', 0.25],
  ]);
  expect(standbyLevels({ receiving: 0, applying: 1, behind: null }).get('HA_replication_lag')).toBe(0);
});

test('one that does not answer follows nobody, and nothing is known of its lag', () => {
  expect([...standbyLevels(undefined)]).toEqual([
    ['HA_IO_status', 0],
    ['HA_SQL_status', 0],
  ]);
});
