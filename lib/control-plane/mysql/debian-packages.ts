import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { debianMirrors, parseDeb822Sources, parseListSources, type AptSource } from './debian-sources.ts';
import { failureText, type RunProgram } from './run-program.ts';

/** Debian's keys, where its keyring package puts them; newer releases say `.pgp`. */
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];

/**
 * Downloads packages of Debian's unstable suite, and all that they depend on, into `<apt>/cache/archives`.
 *
 * @throws {Error} one message that says what to do.
 */
export async function downloadDebianPackages(
  apt: string,
  packages: string[],
  { run, aptFolder, onProgress }: { run: RunProgram; aptFolder: string; onProgress: (line: string) => void },
): Promise<void> {
  const { stdout } = await run('dpkg', ['--print-architecture']);
  const architecture = stdout.trim();
  const sources = readSources(aptFolder);
  const keyring =
    KEYRINGS.find((file) => existsSync(file)) ?? (await fetchKeyring(apt, { run, architecture, aptFolder }));
  const faults: string[] = [];
  const mirrors = debianMirrors(sources, debianCodename());
  if (mirrors.length === 0) {
    throw new Error(
      `This machine's apt sources name no mirror of Debian, where MySQL would be fetched from. Install a MySQL Community server, 8.4 or newer, and start again (or name its folder in FLEXDECK_MYSQL_BASEDIR), or add a mirror of Debian to ${aptFolder}.`,
    );
  }
  for (const mirror of mirrors) {
    // The packages of a snapshot of the archive were signed long ago.
    const options = /\/\d+T\d+Z$/.test(mirror) ? ' check-valid-until=no' : '';
    const line = `deb [signed-by=${keyring}${options}] ${mirror} sid main\n`;
    const aptGet = writeApt(apt, { architecture, sourceList: line });
    try {
      onProgress(`Reading Debian's package list from ${mirror}`);
      await run('apt-get', [...aptGet, 'update'], { timeoutMilliseconds: 300_000 });
      onProgress(`Downloading ${packages.join(', ')}`);
      await run('apt-get', [...aptGet, 'install', '--download-only', ...packages], { timeoutMilliseconds: 1_800_000 });
      return;
    } catch (failure) {
      faults.push(`${mirror}: ${firstErrors(failureText(failure))}`);
    }
  }
  throw new Error(
    [`Debian's archive did not give ${packages.join(', ')}:`, ...faults.map((fault) => `  ${fault}`)].join('\n') +
      '\nIf this machine is offline, connect it and start again: what was downloaded is kept.',
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
      `The keys of Debian's archive could not be had: ${firstErrors(failureText(failure))}\n` +
        'Install the package debian-archive-keyring and start again.',
      { cause: failure },
    );
  }
  const keyring = find();
  if (!keyring) throw new Error('The package debian-archive-keyring holds no keyring.');
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
    // Without it a mirror that does not answer is a warning, and the package seems not to exist.
    'APT::Update::Error-Mode': 'any',
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
