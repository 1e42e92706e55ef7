import { existsSync, readFileSync } from 'node:fs';

/** What is known of the system from os-release(5). */
export interface OsRelease {
  /** `debian`, `ubuntu`, `linuxmint` … and what it says that it is like, nearest first. */
  ids: string[];
  codename: string | undefined;
  /** For people: `Ubuntu 25.04`. */
  name: string;
}

/** A distribution whose own archive has MySQL, as data: what its packages are called, best first. */
export interface PackageNames {
  /** MySQL's server and client, with their libraries as dependencies; each is a list to be had whole. */
  choices: readonly (readonly [server: string, client: string])[];
  /** Servers that are too old for Flexdeck: known so that people can be told. */
  tooOld: readonly string[];
}

/** By ID of os-release. Debian is not here: its releases have no MySQL, and its unstable suite is fetched otherwise. */
const PACKAGE_NAMES: Readonly<Record<string, PackageNames>> = {
  ubuntu: {
    choices: [
      ['mysql-server-core-8.4', 'mysql-client-core-8.4'],
      ['mysql-server-core', 'mysql-client-core'],
    ],
    tooOld: ['mysql-server-core-8.0'],
  },
};

/** MySQL's oldest series that servers run on. */
const OLDEST = [8, 4] as const;

/** Of this machine. */
export function readOsRelease(): OsRelease {
  return parseOsRelease(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '');
}

/** @param text of os-release(5). */
export function parseOsRelease(text: string): OsRelease {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1];
  return {
    ids: [field('ID') ?? '', ...(field('ID_LIKE') ?? '').split(' ')].filter(Boolean),
    codename: field('VERSION_CODENAME'),
    name: field('PRETTY_NAME') ?? field('ID') ?? 'this system',
  };
}

/** Undefined where the distribution's own archive is not known to have MySQL. */
export function packageNames({ ids }: OsRelease): PackageNames | undefined {
  const id = ids.find((candidate) => candidate in PACKAGE_NAMES);
  return id === undefined ? undefined : PACKAGE_NAMES[id];
}

/**
 * Reads `apt-cache madison`, whose words are the same in every language: `package | version | source`, newest first.
 *
 * @returns package → newest version.
 */
export function parseMadison(text: string): Map<string, string> {
  const newest = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name, version] = line.split('|').map((part) => part.trim());
    if (name && version && !newest.has(name)) newest.set(name, version);
  }
  return newest;
}

/**
 * Which packages to fetch, of those on offer.
 *
 * @param offered package → version.
 * @returns none with the newest MySQL that there is, where there is one and it is too old.
 */
export function choosePackages(
  { choices, tooOld }: PackageNames,
  offered: ReadonlyMap<string, string>,
): { packages: readonly string[] } | { packages: undefined; tooOld: string | undefined } {
  const packages = choices.find((names) => names.every((name) => isNewEnough(offered.get(name))));
  if (packages) return { packages };
  const servers = [...choices.map(([server]) => server), ...tooOld].map((name) => offered.get(name));
  return { packages: undefined, tooOld: upstream(servers.find((version) => version && !isNewEnough(version))) };
}

function isNewEnough(version: string | undefined): boolean {
  const [major = 0, minor = 0] = upstream(version)?.split('.').map(Number) ?? [];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** `8.4.7` of `1:8.4.7-0ubuntu0.25.04.1`. */
function upstream(version: string | undefined): string | undefined {
  return /^(?:\d+:)?(\d+\.\d+(?:\.\d+)?)/.exec(version ?? '')?.[1];
}
