import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { debianMirrors, parseDeb822Sources, parseListSources, type AptSource } from './debian-sources.ts';
import { readOsRelease } from './machine-packages.ts';
import { firstErrors, writeApt } from './private-apt.ts';
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
  const faults: string[] = [];
  const mirrors = debianMirrors(sources, debianCodename());
  if (mirrors.length === 0) {
    throw new Error(
      `This machine's apt sources name no mirror of Debian, where MySQL would be fetched from. Install a MySQL Community server, 8.4 or newer, and start again (or name its folder in FLEXDECK_MYSQL_BASEDIR), or add a mirror of Debian to ${aptFolder}.`,
    );
  }
  const keyring =
    KEYRINGS.find((file) => existsSync(file)) ?? (await fetchKeyring(apt, { run, architecture, aptFolder }));
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
  const { ids, codename } = readOsRelease();
  return ids[0] === 'debian' ? (codename ?? 'sid') : undefined;
}
