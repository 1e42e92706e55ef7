import { readFileSync } from 'node:fs';
import type { Machine } from '../../mysql/options.ts';
import { NO_READINGS, type Readings } from '../readings.ts';

/** Clock ticks of /proc a second: USER_HZ, 100 on every Linux of today. See proc(5). */
const TICKS_PER_SECOND = 100;
const KIB = 1024;
const GIB = 1024 ** 3;

/** Processor seconds that a process has used, from the text of /proc/PID/stat. */
export function cpuSeconds(stat: string): number {
  // Field 2 is the name in brackets and may hold anything: count from the last one. 14 and 15 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Bytes of memory that a process has, from the text of /proc/PID/status. */
export function residentBytes(status: string): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kibibytes ?? Number.NaN) * KIB;
}

/** What a size has on this machine: at most what the machine has. docs/sizes.md explains it to people. */
export function capacity(size: { vCores: number; memoryGiB: number }, machine: Machine) {
  return {
    cpus: Math.min(size.vCores, machine.cpus),
    memoryBytes: Math.min(size.memoryGiB * GIB, machine.memoryBytes),
  };
}

/** The counter that {@link cpuPercent} is made of. */
const CPU_SECONDS = 'cpu seconds';

/** What the kernel says of a process; nothing once it has ended. */
export function readProcess(
  { pid, life, memoryBytes }: { pid: number; life: string; memoryBytes: number },
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Readings {
  try {
    const seconds = cpuSeconds(read(`/proc/${pid}/stat`));
    const resident = residentBytes(read(`/proc/${pid}/status`));
    return {
      life,
      counters: new Map([[CPU_SECONDS, seconds]]),
      // A zombie has no memory line.
      levels: new Map(Number.isNaN(resident) ? [] : [['memory_percent', percent(resident, memoryBytes)]]),
    };
  } catch {
    // It ended while we looked.
    return NO_READINGS;
  }
}

/** Takes the processor time out of the rises and says it as a share of what the size has. */
export function cpuPercent(rises: Map<string, number>, elapsedMs: number, cpus: number): number | undefined {
  const seconds = rises.get(CPU_SECONDS);
  rises.delete(CPU_SECONDS);
  return seconds === undefined ? undefined : percent(seconds, (elapsedMs / 1000) * cpus);
}

/** 0 to 100: nothing holds a server to its size here, so it may use more; that is all of it. */
export function percent(part: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : 0;
}
