/** What benches run beside ours, from this machine or else from Debian's archive: nothing is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../lib/control-plane/mysql/run-program.ts';
import { downloadDebianPackages } from '../lib/control-plane/mysql/debian-packages.ts';

/** How to start a program, and where the rest of its package lies (`/` for the machine's own). */
export interface Program {
  file: string;
  args: string[];
  root: string;
}

const PACKAGES = {
  haproxy: 'haproxy',
  mysqlrouter: 'mysql-router',
  sysbench: 'sysbench',
  mydumper: 'mydumper',
  myloader: 'mydumper',
};
const FOLDERS = ['usr/bin', 'usr/sbin', 'usr/local/bin', 'usr/local/sbin'];

export type ProgramName = keyof typeof PACKAGES;

/**
 * @param prefix folder for what has to be fetched; kept for the next run.
 * @param names those that are wanted.
 * @returns each program, or the reason why there is none.
 */
export async function findPrograms(
  prefix: string,
  onProgress: (line: string) => void,
  names: readonly ProgramName[] = Object.keys(PACKAGES) as ProgramName[],
): Promise<Record<ProgramName, Program | string>> {
  const own = Object.fromEntries(names.map((name) => [name, find('/', name)]));
  const missing = names.filter((name) => !own[name] && !find(prefix, name));
  let reason = '';
  if (missing.length > 0) {
    try {
      await fetchInto(
        prefix,
        missing.map((name) => PACKAGES[name]),
        onProgress,
      );
    } catch (failure) {
      reason = (failure as Error).message.split('\n', 2).join(' ');
    }
  }
  const found = names.map((name) => [name, own[name] ?? find(prefix, name) ?? `not on this machine. ${reason}`]);
  return Object.fromEntries(found) as Record<ProgramName, Program | string>;
}

function find(root: string, name: string): Program | undefined {
  const file = FOLDERS.map((folder) => join(root, folder, name)).find((path) => existsSync(path));
  if (!file) return undefined;
  if (root === '/') return { file, args: [], root };
  // Programs of a newer Debian than this machine's run on their own C library.
  const [loader] = globSync(join(root, 'usr/lib/*-linux-gnu*/ld-linux*'));
  if (!loader) return undefined;
  const libraries = [dirname(loader), join(root, 'usr/lib/mysql-router'), join(dirname(loader), 'mysqlrouter')];
  return { file: loader, args: ['--library-path', libraries.join(':'), file], root };
}

async function fetchInto(prefix: string, packages: string[], onProgress: (line: string) => void): Promise<void> {
  const apt = join(prefix, '.apt');
  mkdirSync(apt, { recursive: true });
  await downloadDebianPackages(apt, packages, { run: runProgram, aptFolder: '/etc/apt', onProgress });
  const archives = join(apt, 'cache/archives');
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    execFileSync('dpkg', ['-x', join(archives, name), prefix]);
  }
}
