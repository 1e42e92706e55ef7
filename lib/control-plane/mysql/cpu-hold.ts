import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type RunProgram } from './run-program.ts';

/**
 * How the kernel holds a process to some of the machine's processors: a quota of a control group, of either version, or
 * certain processors that it may run on and no others.
 */
export type HoldWay = 'cgroup2' | 'cgroup1' | 'affinity';

export interface CpuHold {
  way: HoldWay;
  /** How many processors' time it may have. */
  processors: number;
}

const PERIOD_US = 100_000;
/** Ours in the tree of groups; one for each instance lies in it. */
const OURS = 'flexdeck';

/** Where the kernel shows its groups; tests have their own. */
export interface CgroupRoots {
  cgroup2: string;
  cgroup1: string;
}

const ROOTS: CgroupRoots = { cgroup2: '/sys/fs/cgroup', cgroup1: '/sys/fs/cgroup/cpu' };

/**
 * Holds a process and all its threads to so many processors' time, by the first way that this machine allows.
 *
 * @param name of its group: an instance's id.
 * @returns undefined where none is allowed.
 */
export async function holdCpu(
  { pid, name, processors }: { pid: number; name: string; processors: number },
  roots: CgroupRoots = ROOTS,
  run: RunProgram = runProgram,
): Promise<CpuHold | undefined> {
  const quota = String(processors * PERIOD_US);
  const inGroup = (way: 'cgroup2' | 'cgroup1', settings: Record<string, string>): CpuHold | undefined => {
    const group = join(roots[way], OURS, name);
    try {
      if (way === 'cgroup2') {
        if (!readFileSync(join(roots.cgroup2, 'cgroup.controllers'), 'utf8').split(/\s+/).includes('cpu')) return;
        mkdirSync(join(roots.cgroup2, OURS), { recursive: true });
        for (const folder of [roots.cgroup2, join(roots.cgroup2, OURS)]) {
          writeFileSync(join(folder, 'cgroup.subtree_control'), '+cpu');
        }
      } else if (!existsSync(join(roots.cgroup1, 'cpu.cfs_period_us')) && !existsSync(join(roots.cgroup1, 'tasks'))) {
        return undefined;
      }
      mkdirSync(group, { recursive: true });
      for (const [file, text] of Object.entries(settings)) writeFileSync(join(group, file), text);
      writeFileSync(join(group, 'cgroup.procs'), String(pid));
      return { way, processors };
    } catch {
      // Not ours to write to: a container, or no root.
      return undefined;
    }
  };
  const held =
    inGroup('cgroup2', { 'cpu.max': `${quota} ${PERIOD_US}` }) ??
    inGroup('cgroup1', { 'cpu.cfs_period_us': String(PERIOD_US), 'cpu.cfs_quota_us': quota });
  if (held) return held;
  try {
    await run('taskset', ['--all-tasks', '--cpu-list', '--pid', `0-${processors - 1}`, String(pid)]);
    return { way: 'affinity', processors };
  } catch {
    return undefined;
  }
}

/** How a process is held now; undefined where it is not. @param cpus of the machine. */
export function cpuHoldOf(pid: number, cpus: number, roots: CgroupRoots = ROOTS, proc = '/proc'): CpuHold | undefined {
  const lines = read(join(proc, String(pid), 'cgroup')).split('\n');
  for (const line of lines) {
    const [, controllers, group] = /^\d+:([^:]*):(\/flexdeck\/[^/]+)$/.exec(line) ?? [];
    if (group === undefined) continue;
    if (controllers === '') {
      const [quota] = read(join(roots.cgroup2, group, 'cpu.max')).split(' ');
      if (Number(quota) > 0) return { way: 'cgroup2', processors: Number(quota) / PERIOD_US };
    } else if (controllers!.split(',').includes('cpu')) {
      const quota = Number(read(join(roots.cgroup1, group, 'cpu.cfs_quota_us')));
      if (quota > 0) return { way: 'cgroup1', processors: quota / PERIOD_US };
    }
  }
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(read(join(proc, String(pid), 'status')))?.[1];
  const processors = allowed === undefined ? cpus : countOf(allowed);
  return processors < cpus ? { way: 'affinity', processors } : undefined;
}

/** Removes the groups that nobody is in any more; the kernel keeps the others. */
export function removeEmptyGroups(wanted: ReadonlySet<string>, roots: CgroupRoots = ROOTS): void {
  for (const root of new Set([roots.cgroup2, roots.cgroup1])) {
    const ours = join(root, OURS);
    if (!existsSync(ours)) continue;
    for (const entry of readdirSync(ours, { withFileTypes: true })) {
      if (!entry.isDirectory() || wanted.has(entry.name)) continue;
      try {
        rmdirSync(join(ours, entry.name));
      } catch {
        // Another home's, with its processes in it.
      }
    }
  }
}

/** `0-1,4` are three. */
function countOf(list: string): number {
  return list.split(',').reduce((sum, part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    return sum + to - from + 1;
  }, 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
