import { readdirSync, readFileSync } from 'node:fs';

/**
 * A process, so known that a reused pid is never taken for it: `startedAt` is the boot's id with field 22 of
 * /proc/PID/stat (clock ticks since boot at which it started). Both are kept in `instances`.
 */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** Files of /proc, so that tests can own them. Throws as `readFileSync` does when there is none. */
export type ReadProc = (path: string) => string;

const readProc: ReadProc = (path) => readFileSync(path, 'utf8');

/**
 * Who has this pid now; undefined when nobody has it or only a dead one does (state Z or X: an orphan stays a zombie
 * until init reaps it, which can take seconds).
 */
export function processIdentity(pid: number, read: ReadProc = readProc): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = read(`/proc/${pid}/stat`);
  } catch (failure) {
    // ESRCH: it ended between opening and reading.
    if (['ENOENT', 'ESRCH'].includes((failure as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw failure;
  }
  // Field 2 is the program's name in brackets, and may hold spaces and brackets: count from the last one. See proc(5).
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X' || state === 'x') return undefined;
  return { pid, startedAt: `${bootId(read)}/${rest[18]}` };
}

/** The kernel's letter for what a process does (proc(5): R, S, D, T is stopped by a signal …); undefined when nobody has the pid. */
export function processState(pid: number, read: ReadProc = readProc): string | undefined {
  try {
    const stat = read(`/proc/${pid}/stat`);
    return stat[stat.lastIndexOf(')') + 2];
  } catch {
    return undefined;
  }
}

/** Whether that very process runs still. */
export function isAlive(process: ProcessIdentity, read: ReadProc = readProc): boolean {
  return isSameProcess(process, processIdentity(process.pid, read));
}

/** Whether it was started before the machine was last switched on: then it ended with the machine. */
export function isOfEarlierBoot({ startedAt }: ProcessIdentity, read: ReadProc = readProc): boolean {
  return !startedAt.startsWith(`${bootId(read)}/`);
}

export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity | undefined): boolean {
  return other !== undefined && one.pid === other.pid && one.startedAt === other.startedAt;
}

/** All the rest of the pid's life the boot id stays, so one read of it is enough; tests pass a reader of their own. */
let ownBootId: string | undefined;
function bootId(read: ReadProc): string {
  if (read !== readProc) return read('/proc/sys/kernel/random/boot_id').trim();
  ownBootId ??= read('/proc/sys/kernel/random/boot_id').trim();
  return ownBootId;
}

/** The living mysqld that was started with this option file, which no other process is started with. */
export function processStartedWith(optionFile: string): ProcessIdentity | undefined {
  const mark = `--defaults-file=${optionFile}`;
  return findProcess((words) => words.includes(mark));
}

/** A living process whose command line is such; undefined when there is none. */
export function findProcess(isIt: (words: readonly string[]) => boolean): ProcessIdentity | undefined {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || !isIt(commandLine(entry))) continue;
    const found = processIdentity(Number(entry));
    if (found) return found;
  }
  return undefined;
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It ended while we looked.
    return [];
  }
}
