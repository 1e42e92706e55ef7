import { expect, test } from 'vitest';
import { ArmError } from '../../arm/error.ts';
import { MysqldFailedError } from '../mysql/process.ts';
import { errorDetail } from './error-detail.ts';

const shown = (failure: unknown) => errorDetail(failure, 'Starting MySQL', 'op-1').message;

test('what was meant for people is shown as it is', () => {
  expect(errorDetail(new ArmError('DiskFull', 507, 'The disk is full.'), 'Copying', 'op-1')).toEqual({
    code: 'DiskFull',
    message: 'The disk is full.',
  });
  expect(shown(new Error('The gateway cannot listen on 127.83.1.2:3306: EADDRINUSE.'))).toMatch(/^The gateway cannot/);
  const refused = Object.assign(new Error('Unknown collation'), {
    code: 'ER_UNKNOWN',
    sqlMessage: 'Unknown collation',
  });
  expect(shown(refused)).toBe('Unknown collation');
});

test('paths, log lines and the system’s own words are not', () => {
  const faults = [
    new MysqldFailedError('MySQL ended before it was ready.', '[ERROR] Cannot open /home/x/instances/1/data/ibdata1'),
    Object.assign(new Error("EACCES: permission denied, open '/home/x/my.cnf'"), { code: 'EACCES' }),
    new Error('MySQL could not prepare a data directory.\n[ERROR] no space'),
    new Error('/opt/mysql/usr has no mysqld to link to.'),
    new Error('Look at "/var/lib/flexdeck/ca.pem".'),
    'a string',
  ];
  for (const fault of faults) expect(shown(fault)).not.toMatch(/\/(home|opt|var)\/|\[ERROR\]|EACCES/);
  expect(shown(faults[0])).toBe('MySQL ended before it was ready.');
  expect(shown(faults[1])).toBe(
    'It failed while it was at “Starting MySQL”: the log of the control plane says why (operation op-1).',
  );
  expect(shown(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toMatch(/the disk of this machine is full/);
});
