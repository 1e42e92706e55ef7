import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes an apt configuration that lives in one folder: own lists, cache, and a status file in which nothing is
 * installed, so that every library is taken. The machine's proxies and passwords for mirrors stay in force; its
 * hooks, pins and weakened signature checks do not.
 *
 * @param sourceList undefined for the machine's own sources.
 * @returns the arguments to put before apt-get's or apt-cache's own.
 */
export function writeApt(
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

/** apt's own lines that say what went wrong, on one line. */
export function firstErrors(text: string): string {
  const errors = text.split('\n').filter((line) => /^(E|Err|W):/.test(line));
  return (errors.length > 0 ? errors.slice(0, 2) : [text.split('\n')[0]!]).join(' ');
}
