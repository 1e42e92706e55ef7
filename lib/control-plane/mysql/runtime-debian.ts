import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { debianMirrors, parseDeb822Sources, parseListSources, type AptSource } from './debian-sources.ts';
import { failureText, runProgram, type RunProgram } from './run-program.ts';
import { inspectRuntime, RUNTIME_FILE, writeRuntimeFile, type MysqlRuntime } from './runtime.ts';

const PACKAGES = ['mysql-server-core', 'mysql-client-core'];

/** Only MySQL's old scripts use Perl; it would be a third of the prefix. */
const NOT_NEEDED = /^(perl|libperl|gcc-)/;

/** Debian's keys, where its keyring package puts them; newer releases say `.pgp`. */
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

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
 * Fetches MySQL's server and client with all their libraries from Debian's archive into a private prefix,
 * `<runtimes>/mysql-<version>`: needs no root, installs nothing and changes nothing of the system. apt checks Debian's
 * signatures. What an interrupted run has downloaded is kept; the prefix appears whole or not at all.
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
    const apt = join(work, 'apt');
    const archives = join(apt, 'cache/archives');
    await download(apt, { run, aptFolder, onProgress });
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

/** One process fetches at a time; another waits for it. A claim whose process is gone is taken over. */
async function claim(work: string, onProgress: (line: string) => void): Promise<() => void> {
  mkdirSync(work, { recursive: true });
  const claimFile = join(work, 'claim');
  for (let told = false; ; told = true) {
    try {
      writeFileSync(claimFile, String(process.pid), { flag: 'wx' });
      return () => rmSync(claimFile, { force: true });
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    }
    const holder = readFileSync(claimFile, { encoding: 'utf8', flag: 'a+' });
    if (!existsSync(`/proc/${holder || 'none'}`)) {
      rmSync(claimFile, { force: true });
      continue;
    }
    if (!told) onProgress(`Waiting for process ${holder}, which is fetching MySQL`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Downloads MySQL's packages and all that they depend on into `<apt>/cache/archives`. */
async function download(
  apt: string,
  { run, aptFolder, onProgress }: { run: RunProgram; aptFolder: string; onProgress: (line: string) => void },
): Promise<void> {
  const { stdout } = await run('dpkg', ['--print-architecture']);
  const architecture = stdout.trim();
  const sources = readSources(aptFolder);
  const keyring =
    KEYRINGS.find((file) => existsSync(file)) ?? (await fetchKeyring(apt, { run, architecture, aptFolder }));
  const faults: string[] = [];
  for (const mirror of debianMirrors(sources, debianCodename())) {
    const options = mirror.includes('snapshot.debian.org') ? ' check-valid-until=no' : '';
    const line = `deb [signed-by=${keyring}${options}] ${mirror} sid main\n`;
    const aptGet = writeApt(apt, { architecture, sourceList: line });
    try {
      onProgress(`Reading Debian's package list from ${mirror}`);
      await run('apt-get', [...aptGet, 'update'], { timeoutMilliseconds: 300_000 });
      onProgress('Downloading MySQL and its libraries (about 65 MB)');
      await run('apt-get', [...aptGet, 'install', '--download-only', ...PACKAGES], { timeoutMilliseconds: 1_800_000 });
      return;
    } catch (failure) {
      faults.push(`${mirror}: ${firstErrors(failureText(failure))}`);
    }
  }
  throw new Error(
    ['MySQL could not be fetched from Debian:', ...faults.map((fault) => `  ${fault}`)].join('\n') +
      `\nIf this machine is offline, connect it and start again: what was downloaded is kept. ${WAY_OUT}`,
  );
}

/** Systems beside Debian have its keys as a package of their own archive, signed by keys that they trust. */
async function fetchKeyring(
  apt: string,
  { run, architecture, aptFolder }: { run: RunProgram; architecture: string; aptFolder: string },
): Promise<string> {
  const own = join(apt, '../keyring');
  mkdirSync(own, { recursive: true });
  const find = () => KEYRINGS.map((file) => join(own, file)).find((file) => existsSync(file));
  const kept = find();
  if (kept) return kept;
  const aptGet = writeApt(`${apt}-keyring`, { architecture, sourceList: undefined, aptFolder });
  try {
    await run('apt-get', [...aptGet, 'update'], { timeoutMilliseconds: 300_000 });
    await run('apt-get', [...aptGet, 'download', 'debian-archive-keyring'], { timeoutMilliseconds: 60_000, cwd: own });
    for (const name of readdirSync(own).filter((file) => file.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(own, name), own]);
    }
  } catch (failure) {
    throw new Error(
      `MySQL comes from Debian's archive, and Debian's keys could not be had: ${firstErrors(failureText(failure))}\n` +
        `Install the package debian-archive-keyring and start again. ${WAY_OUT}`,
      { cause: failure },
    );
  }
  const keyring = find();
  if (!keyring) throw new Error(`The package debian-archive-keyring holds no keyring. ${WAY_OUT}`);
  return keyring;
}

/**
 * Writes an apt configuration that lives in one folder: own lists, cache, and a status file in which nothing is
 * installed, so that every library is taken. The machine's proxies and passwords for mirrors stay in force; its
 * hooks, pins and weakened signature checks do not.
 *
 * @param sourceList undefined for the machine's own sources.
 * @returns the arguments to put before apt-get's own.
 */
function writeApt(
  folder: string,
  { architecture, sourceList, aptFolder }: { architecture: string; sourceList: string | undefined; aptFolder?: string },
): string[] {
  for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  const own = join(folder, 'sources.list');
  if (sourceList !== undefined) writeFileSync(own, sourceList);
  const values: Record<string, string> = {
    'Dir::Etc::sourcelist': sourceList === undefined ? join(aptFolder!, 'sources.list') : own,
    'Dir::Etc::sourceparts': sourceList === undefined ? join(aptFolder!, 'sources.list.d') : '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::archives': join(folder, 'cache/archives'),
    'Dir::Log': folder,
    'APT::Architecture': architecture,
    'APT::Default-Release': '',
    'APT::Install-Recommends': 'false',
    'APT::Install-Suggests': 'false',
    // Its sandbox user could not enter a private home.
    'APT::Sandbox::User': 'root',
    'APT::Get::Assume-Yes': 'true',
    'APT::Get::AllowUnauthenticated': 'false',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::AllowWeakRepositories': 'false',
    'Acquire::AllowDowngradeToInsecureRepositories': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '30',
    'Acquire::https::Timeout': '30',
    // Each folder has one user; the system's lock files need root.
    'Debug::NoLocking': 'true',
  };
  const hooks = ['APT::Update::Pre-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success'];
  const cleared = [...hooks, 'DPkg::Pre-Install-Pkgs', 'DPkg::Pre-Invoke', 'DPkg::Post-Invoke', 'APT::Architectures'];
  writeFileSync(
    join(folder, 'apt.conf'),
    [
      ...cleared.map((name) => `#clear ${name};`),
      ...Object.entries(values).map(([name, value]) => `${name} "${value}";`),
      `APT::Architectures { "${architecture}"; };`,
      '',
    ].join('\n'),
  );
  return ['--quiet=2', '--config-file', join(folder, 'apt.conf')];
}

function readSources(aptFolder: string): AptSource[] {
  const parts = join(aptFolder, 'sources.list.d');
  const files = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : [];
  return [join(aptFolder, 'sources.list'), ...files]
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      if (basename(file).endsWith('.list')) return parseListSources(text);
      return file.endsWith('.sources') ? parseDeb822Sources(text) : [];
    });
}

/** `bookworm`; undefined where the system is not Debian itself. */
function debianCodename(): string | undefined {
  if (!existsSync('/etc/os-release')) return undefined;
  const text = readFileSync('/etc/os-release', 'utf8');
  if (!/^ID="?debian"?$/m.test(text)) return undefined;
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1] ?? 'sid';
}

/** apt's own lines that say what went wrong, on one line. */
function firstErrors(text: string): string {
  const errors = text.split('\n').filter((line) => /^(E|Err|W):/.test(line));
  return (errors.length > 0 ? errors.slice(0, 2) : [text.split('\n')[0]!]).join(' ');
}
