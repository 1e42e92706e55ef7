import { spawn } from 'node:child_process';
import { readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../testing/daemon.ts';
import { cpuHoldOf, holdCpu } from './cpu-hold.ts';

const GROUPS = { cgroup2: '/sys/fs/cgroup/flexdeck', cgroup1: '/sys/fs/cgroup/cpu/flexdeck' };
/** Of a processor, so that it is felt on a machine that has little to give, too. */
const HELD = 0.1;

test(
  'the kernel holds a process to its share of a processor, and lets it go on',
  { timeout: 60_000 },
  async (context) => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    const name = `test-${busy.pid}`;
    onTestFinished(() => void busy.kill('SIGKILL'));
    const hold = await holdCpu({ pid: busy.pid!, name, processors: HELD });
    if (!hold || hold.way === 'affinity') return context.skip('No control group may be made here.');
    const group = join(GROUPS[hold.way], name);
    onTestFinished(async () => {
      busy.kill('SIGKILL');
      await until(10_000, () => remove(group) || undefined);
    });
    expect(cpuHoldOf(busy.pid!, 64)).toEqual({ way: hold.way, processors: HELD });

    const throttled = () =>
      Number(
        /^nr_throttled (\d+)$/m.exec(readFileSync(join(GROUPS[hold.way as 'cgroup1'], name, 'cpu.stat'), 'utf8'))?.[1],
      );
    const [usedBefore, from] = [usedMs(busy.pid!), performance.now()];
    await until(30_000, () => throttled() >= 10 || undefined);
    const share = (usedMs(busy.pid!) - usedBefore) / (performance.now() - from);
    // Up to a period's worth may come at either end.
    expect(share).toBeLessThan(HELD * 1.5);
    expect(share).toBeGreaterThan(0);
  },
);

/** The kernel keeps a group until nobody is in it. */
function remove(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}

/** Of all its threads; proc(5): clock ticks, a hundred a second. */
function usedMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
