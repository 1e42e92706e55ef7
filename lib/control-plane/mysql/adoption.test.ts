import { expect, test } from 'vitest';
import { isAlive, isOfEarlierBoot, processIdentity } from './adoption.ts';

/** /proc with one process, whose name has what would mislead a naive reader. */
function proc({ state = 'S', startTime = '4711', boot = 'boot-1' }) {
  const before = Array.from({ length: 18 }, (_, index) => String(index)).join(' ');
  return (path: string) => {
    if (path === '/proc/77/stat') return `77 (my) S 1 (d) ${state} ${before} ${startTime} 0 0`;
    if (path === '/proc/sys/kernel/random/boot_id') return `${boot}\n`;
    throw Object.assign(new Error(path), { code: 'ENOENT' });
  };
}

test('a process is known by pid, start time and boot', () => {
  expect(processIdentity(77, proc({}))).toEqual({ pid: 77, startedAt: 'boot-1/4711' });
  expect(processIdentity(78, proc({}))).toBeUndefined();
});

test.each([
  ['a later process with the same pid', proc({ startTime: '9999' })],
  ['the same numbers after the machine was started anew', proc({ boot: 'boot-2' })],
  ['a zombie', proc({ state: 'Z' })],
  ['a dead one', proc({ state: 'X' })],
])('%s is not it', (_, read) => {
  const before = processIdentity(77, proc({}))!;
  expect(isAlive(before, proc({}))).toBe(true);
  expect(isAlive(before, read)).toBe(false);
});

test('this very process is alive', () => {
  expect(isAlive(processIdentity(process.pid)!)).toBe(true);
});

test('what ran before the machine was started anew is told from what ended since', () => {
  const before = processIdentity(77, proc({}))!;
  expect(isOfEarlierBoot(before, proc({ state: 'Z' }))).toBe(false);
  expect(isOfEarlierBoot(before, proc({ boot: 'boot-2' }))).toBe(true);
});
