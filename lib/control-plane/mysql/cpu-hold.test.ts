import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { cpuHoldOf, holdCpu, removeEmptyGroups, type CgroupRoots } from './cpu-hold.ts';

let root: string;
let roots: CgroupRoots;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fd-cpu-'));
  roots = { cgroup2: join(root, 'unified'), cgroup1: join(root, 'cpu') };
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
});
const put = (path: string, text: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const asked = { pid: 42, name: 'a', processors: 2 };

test('takes a group of the second version where the kernel counts processors in it', async () => {
  put('unified/cgroup.controllers', 'cpuset cpu io');
  expect(await holdCpu(asked, roots)).toEqual({ way: 'cgroup2', processors: 2 });
  expect(text('unified/flexdeck/a/cpu.max')).toBe('200000 100000');
  expect(text('unified/flexdeck/a/cgroup.procs')).toBe('42');
  put('42/cgroup', '0::/flexdeck/a\n');
  expect(cpuHoldOf(42, 8, roots, root)).toEqual({ way: 'cgroup2', processors: 2 });
});

test('takes one of the first version elsewhere', async () => {
  put('unified/cgroup.controllers', 'hugetlb');
  put('cpu/tasks', '');
  expect(await holdCpu(asked, roots)).toEqual({ way: 'cgroup1', processors: 2 });
  expect(text('cpu/flexdeck/a/cpu.cfs_quota_us')).toBe('200000');
  put('42/cgroup', '12:memory:/\n4:cpu,cpuacct:/flexdeck/a\n0::/\n');
  expect(cpuHoldOf(42, 8, roots, root)).toEqual({ way: 'cgroup1', processors: 2 });
});

test('takes certain processors where it may make no group, and says when it may do neither', async () => {
  const calls: string[][] = [];
  const run = async (_: string, args: string[]) => {
    calls.push(args);
    return { stdout: '', stderr: '' };
  };
  expect(await holdCpu(asked, roots, run as never)).toEqual({ way: 'affinity', processors: 2 });
  expect(calls).toEqual([['--all-tasks', '--cpu-list', '--pid', '0-1', '42']]);
  put('42/status', 'Name:\tmysqld\nCpus_allowed_list:\t0-1\n');
  expect(cpuHoldOf(42, 8, roots, root)).toEqual({ way: 'affinity', processors: 2 });
  expect(cpuHoldOf(42, 2, roots, root)).toBeUndefined();
  const refused = () => Promise.reject(new Error('no'));
  expect(await holdCpu(asked, roots, refused as never)).toBeUndefined();
});

test('removes the groups of what is gone', () => {
  mkdirSync(join(roots.cgroup1, 'flexdeck/gone'), { recursive: true });
  mkdirSync(join(roots.cgroup1, 'flexdeck/kept'));
  put('cpu/flexdeck/full/cgroup.procs', '7');
  removeEmptyGroups(new Set(['kept']), roots);
  expect(() => text('cpu/flexdeck/gone/x')).toThrow();
  mkdirSync(join(roots.cgroup1, 'flexdeck/kept/still'));
  expect(text('cpu/flexdeck/full/cgroup.procs')).toBe('7');
});
