import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { downloadMysqlPackages } from './mysql-packages.ts';
import { runProgram, type RunProgram } from './run-program.ts';
import { inspectRuntime, privateRuntimes, RUNTIME_FILE, writeRuntimeFile, type MysqlRuntime } from './runtime.ts';

/** Only MySQL's old scripts use Perl; it would be a third of the prefix. */
const NOT_NEEDED = /^(perl|libperl|gcc-)/;

const WAY_OUT =
  'Install MySQL Community Server 8.4 or newer yourself and name its folder in FLEXDECK_MYSQL_BASEDIR, ' +
  'or point FLEXDECK_CLOUD at Azure, which needs no MySQL here.';

interface Options {
  runtimesFolder?: string;
  run?: RunProgram;
  /** Where the machine's own apt configuration lies. */
  aptFolder?: string;
}

/**
 * Fetches MySQL's server and client with all their libraries, from the machine's own archive (Ubuntu's) or Debian's, into
 * a private prefix, `<runtimes>/mysql-<version>`: needs no root, installs nothing and changes nothing of the system. apt
 * checks the archive's signatures. What an interrupted run has downloaded is kept; the prefix appears whole or not at all.
 *
 * @param onProgress told one plain line per step.
 * @throws {Error} one message that says what to do.
 */
export async function installDebianRuntime(
  home: string,
  onProgress: (line: string) => void,
  { runtimesFolder = join(home, 'runtimes'), run = runProgram, aptFolder = '/etc/apt' }: Options = {},
): Promise<MysqlRuntime> {
  await requirePrograms(run);
  // Servers of another user than ours (root's) read the runtime: all of it is open to read.
  mkdirSync(runtimesFolder, { recursive: true });
  const work = join(runtimesFolder, '.fetch');
  const release = await claim(work, onProgress);
  try {
    // Another process may have fetched it meanwhile.
    const present = privateRuntimes(runtimesFolder).find(({ source }) => source === 'debian');
    if (present) return await inspectRuntime(present.basedir, { ...present, run });
    const apt = join(work, 'apt');
    const archives = join(apt, 'cache/archives');
    onProgress('Fetching MySQL and its libraries (about 65 MB)');
    await downloadMysqlPackages(apt, { run, aptFolder, onProgress }).catch((cause) => {
      throw new Error(`MySQL could not be fetched. ${(cause as Error).message}\n${WAY_OUT}`, { cause });
    });
    const packages = readdirSync(archives).filter((name) => name.endsWith('.deb'));
    const prefix = join(work, 'prefix');
    rmSync(prefix, { recursive: true, force: true });
    mkdirSync(prefix);
    chmodSync(prefix, 0o755);
    onProgress(`Unpacking ${packages.length} packages`);
    for (const name of packages.filter((file) => !NOT_NEEDED.test(file))) {
      await run('dpkg', ['-x', join(archives, name), prefix], { timeoutMilliseconds: 120_000 });
    }
    for (const unneeded of ['doc', 'man', 'info', 'locale', 'lintian', 'bash-completion']) {
      rmSync(join(prefix, 'usr/share', unneeded), { recursive: true, force: true });
    }
    const { fullVersion } = await inspectRuntime(join(prefix, 'usr'), { source: 'debian', run });
    const id = `mysql-${fullVersion}`;
    const folder = join(runtimesFolder, id);
    if (!existsSync(join(folder, RUNTIME_FILE))) {
      writeRuntimeFile(prefix, { source: 'debian', basedir: 'usr' });
      rmSync(folder, { recursive: true, force: true });
      renameSync(prefix, folder);
    }
    onProgress(`MySQL ${fullVersion} is ready`);
    rmSync(apt, { recursive: true, force: true });
    return await inspectRuntime(join(folder, 'usr'), { source: 'debian', id, run });
  } finally {
    rmSync(join(work, 'prefix'), { recursive: true, force: true });
    release();
  }
}

async function requirePrograms(run: RunProgram): Promise<void> {
  for (const program of ['apt-get', 'dpkg']) {
    await run(program, ['--version']).catch(() => {
      throw new Error(`There is no MySQL on this machine, and without ${program} none can be fetched. ${WAY_OUT}`);
    });
  }
}

/** One process fetches at a time; another waits for it. The lock is the kernel's, so a killed process leaves none. */
async function claim(work: string, onProgress: (line: string) => void): Promise<() => void> {
  mkdirSync(work, { recursive: true });
  const lock = new DatabaseSync(join(work, 'lock'));
  for (let told = false; ; told = true) {
    try {
      lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
      return () => lock.close();
    } catch {
      if (!told) onProgress('Waiting for another process that is fetching MySQL');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
