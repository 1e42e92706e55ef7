import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { failureText, runProgram, type RunProgram } from './run-program.ts';

/** A MySQL installation that servers can run on. */
export interface MysqlRuntime {
  /** Stable for as long as the installation stays in its place; instances record it. */
  id: string;
  /** What `capabilities` offers and ARM's `version` names: `9.7`. That of its version, unless its file says otherwise. */
  series: string;
  /** `9.7.4` */
  fullVersion: string;
  source: 'environment' | 'path' | 'debian' | 'registered';
  /** When it came to this machine, milliseconds since 1970; 0 for the machine's own. */
  registeredAt: number;
  /** mysqld's `--basedir`. */
  basedir: string;
  /** mysqld's `--plugin-dir`. */
  pluginDirectory: string;
  /** mysqld's `--lc-messages-dir`. */
  messagesDirectory: string;
  /**
   * How to start one of its programs: `mysqld`, `mysql`, `mysqladmin`, `mysqlbinlog`, `mysqldump`.
   *
   * @returns the file to execute and the arguments to put before the program's own (a private prefix runs through its
   *   own loader, so `/proc/<pid>/exe` names that).
   * @throws {Error} when the installation has no such program.
   */
  command(program: string): { file: string; args: string[] };
}

/** Every runtime in its folder has this file, written last: a folder without it is not a runtime. */
export const RUNTIME_FILE = 'runtime.json';

const RuntimeFile = z.object({
  source: z.enum(['debian', 'registered']),
  basedir: z.string(),
  registeredAt: z.iso.datetime().optional(),
  /** Offered as this series instead of its version's: so upgrades are rehearsed and tested with one version at hand. */
  series: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
});
export type RuntimeFile = z.infer<typeof RuntimeFile>;

const OLDEST = { major: 8, minor: 4 };
const PROGRAMS = ['mysqld', 'mysql', 'mysqlbinlog', 'mysqldump'];
const PLUGINS = ['auth_socket.so', 'mysql_clone.so', 'semisync_source.so', 'semisync_replica.so'];

/** Where servers lie that a person's PATH does not name, for `sbin` is often not on it. */
const USUAL_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/usr/local/mysql/bin', '/usr/libexec'];

export interface DiscoverOptions {
  /** Used before all others; what is wrong with it is thrown, since a person asked for it. */
  mysqlBasedir?: string | undefined;
  pathFolders?: string[];
  runtimesFolder?: string;
  /** Told of every installation that is there and cannot be used, with the reason in one sentence. */
  onRejected?: (basedir: string, reason: string) => void;
  run?: RunProgram;
}

/**
 * Finds every runtime of this machine: `FLEXDECK_MYSQL_BASEDIR`, PATH, then the private and registered ones.
 * MariaDB is not MySQL and never among them.
 *
 * @returns best first: the order above, newer before older within each.
 */
export async function discoverRuntimes(home: string, options: DiscoverOptions = {}): Promise<MysqlRuntime[]> {
  const {
    mysqlBasedir,
    pathFolders = [],
    runtimesFolder = join(home, 'runtimes'),
    onRejected = () => {},
    run = runProgram,
  } = options;
  const found: MysqlRuntime[] = [];
  if (mysqlBasedir) {
    found.push(
      await inspectRuntime(existsSync(mysqlBasedir) ? realpathSync(mysqlBasedir) : mysqlBasedir, {
        source: 'environment',
        run,
      }).catch((failure) => {
        throw new Error(`FLEXDECK_MYSQL_BASEDIR cannot be used: ${failureText(failure)}`);
      }),
    );
  }
  const candidates = [
    ...machineBasedirs(pathFolders).map((basedir) => ({ basedir, source: 'path' as const })),
    ...privateRuntimes(runtimesFolder),
  ];
  for (const { basedir, ...candidate } of candidates) {
    if (found.some((runtime) => runtime.basedir === basedir)) continue;
    try {
      found.push(await inspectRuntime(basedir, { ...candidate, run }));
    } catch (failure) {
      onRejected(basedir, failureText(failure));
    }
  }
  return found;
}

/**
 * Looks at one installation.
 *
 * @throws {Error} one sentence on why servers cannot run on it.
 */
export async function inspectRuntime(
  basedir: string,
  {
    source,
    id,
    registeredAt = 0,
    series: offeredAs,
    run = runProgram,
  }: {
    source: MysqlRuntime['source'];
    id?: string;
    registeredAt?: number;
    series?: string | undefined;
    run?: RunProgram;
  },
): Promise<MysqlRuntime> {
  const loader = source === 'debian' || isPrefix(basedir, source) ? findLoader(basedir) : undefined;
  const command = (program: string) => {
    const path = ['bin', 'sbin', 'libexec']
      .map((folder) => join(basedir, folder, program))
      .find((file) => existsSync(file));
    if (!path) throw new Error(`${basedir} has no ${program}.`);
    return loader ? { file: loader, args: ['--library-path', dirname(loader), path] } : { file: path, args: [] };
  };
  const mysqld = command('mysqld');
  const { stdout } = await run(mysqld.file, [...mysqld.args, '--no-defaults', '--version']);
  const fullVersion = acceptVersion(stdout.trim());
  for (const program of PROGRAMS) command(program);
  const pluginDirectory = findFolder(basedir, pluginFolders(basedir), PLUGINS[0]!);
  const missing = PLUGINS.filter((plugin) => !existsSync(join(pluginDirectory, plugin)));
  if (missing.length > 0) throw new Error(`${pluginDirectory} lacks ${missing.join(', ')}.`);
  if (!loader) refuseConfined(join(basedir, 'sbin/mysqld'));
  const ownSeries = fullVersion.split('.').slice(0, 2).join('.');
  const series = offeredAs ?? ownSeries;
  return {
    // Without the patch number: the machine's own updates must not make servers lose their runtime.
    id: id ?? `machine-${series}-${createHash('sha256').update(basedir).digest('hex').slice(0, 8)}`,
    series,
    fullVersion,
    source,
    registeredAt,
    basedir,
    pluginDirectory,
    messagesDirectory: findFolder(basedir, ['share/mysql', `share/mysql-${ownSeries}`, 'share'], 'english/errmsg.sys'),
    command,
  };
}

/**
 * Reads `mysqld --version`: `mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)`.
 *
 * @returns `8.4.6`
 * @throws {Error} when it is not a MySQL that Flexdeck runs servers on.
 */
export function acceptVersion(text: string): string {
  const [, major, minor, patch] = /\bVer (\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (/mariadb/i.test(text)) throw new Error('This is MariaDB, not MySQL; Flexdeck needs MySQL Community Server.');
  if (/percona/i.test(text)) throw new Error('This is Percona Server; Flexdeck needs MySQL Community Server.');
  if (!major || !minor || !patch) throw new Error(`Its version cannot be read: ${text}`);
  const older = Number(major) - OLDEST.major || Number(minor) - OLDEST.minor;
  if (older < 0) {
    throw new Error(
      `This is MySQL ${major}.${minor}.${patch}; Flexdeck needs ${OLDEST.major}.${OLDEST.minor} or newer.`,
    );
  }
  return `${major}.${minor}.${patch}`;
}

/**
 * Keeps an installation for all later starts.
 *
 * @param basedir the folder that has `bin/mysqld` or `sbin/mysqld`.
 * @throws {Error} why servers cannot run on it.
 */
export async function registerRuntime(
  home: string,
  basedir: string,
  {
    runtimesFolder = join(home, 'runtimes'),
    run = runProgram,
    now = Date.now(),
  }: { runtimesFolder?: string; run?: RunProgram; now?: number } = {},
): Promise<MysqlRuntime> {
  const place = realpathSync(basedir);
  const runtime = await inspectRuntime(place, { source: 'registered', run });
  const folder = join(runtimesFolder, runtime.id);
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeRuntimeFile(unfinished, {
    source: 'registered',
    basedir: place,
    registeredAt: new Date(now).toISOString(),
  });
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return runtime;
}

/** @param description its `basedir` may be relative to the runtime's own folder, so that this can be moved. */
export function writeRuntimeFile(folder: string, description: RuntimeFile): void {
  writeFileSync(join(folder, RUNTIME_FILE), `${JSON.stringify(description, null, 2)}\n`);
}

function machineBasedirs(pathFolders: string[]): string[] {
  const files = [...pathFolders, ...USUAL_FOLDERS]
    .map((folder) => join(folder, 'mysqld'))
    .filter((file) => existsSync(file));
  return [...new Set(files.map((file) => dirname(dirname(realpathSync(file)))))];
}

/**
 * Those that came into the folder since it was looked at; they are added to `known` in their place, so that new servers
 * get the newest.
 *
 * @param known all that this daemon has; changed.
 * @param unusable ids of those that cannot be used, with the reason, so that each is looked at once; changed.
 */
export async function findNewRuntimes(
  known: MysqlRuntime[],
  runtimesFolder: string,
  unusable: Map<string, string>,
  { onRejected = () => {}, run = runProgram }: Pick<DiscoverOptions, 'onRejected' | 'run'> = {},
): Promise<MysqlRuntime[]> {
  const found: MysqlRuntime[] = [];
  for (const { basedir, ...candidate } of privateRuntimes(runtimesFolder)) {
    if (unusable.has(candidate.id) || known.some(({ id }) => id === candidate.id)) continue;
    try {
      found.push(await inspectRuntime(basedir, { ...candidate, run }));
    } catch (failure) {
      const reason = failureText(failure);
      unusable.set(candidate.id, reason);
      onRejected(basedir, reason);
    }
  }
  const own = known.findIndex(({ source }) => source === 'debian' || source === 'registered');
  known.splice(own < 0 ? known.length : own, 0, ...found);
  return found;
}

/**
 * The runtimes in this folder, complete ones only, newest first. One that has no date
 * of its own, a copy that somebody made by hand, came when its folder was made.
 */
export function privateRuntimes(
  runtimesFolder: string,
): { id: string; source: RuntimeFile['source']; basedir: string; registeredAt: number; series: string | undefined }[] {
  if (!existsSync(runtimesFolder)) return [];
  return readdirSync(runtimesFolder)
    .filter((name) => !name.startsWith('.') && existsSync(join(runtimesFolder, name, RUNTIME_FILE)))
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => {
      const folder = join(runtimesFolder, name);
      const { source, basedir, registeredAt, series } = RuntimeFile.parse(
        JSON.parse(readFileSync(join(folder, RUNTIME_FILE), 'utf8')),
      );
      return {
        id: name,
        source,
        basedir: source === 'debian' ? join(folder, basedir) : basedir,
        registeredAt: registeredAt === undefined ? statSync(folder).birthtimeMs : Date.parse(registeredAt),
        series,
      };
    });
}

/** Debian's packages unpacked into a folder of their own, which somebody registers: they run through their own loader. */
function isPrefix(basedir: string, source: MysqlRuntime['source']): boolean {
  if (source !== 'registered' || ['/', '/usr', '/usr/local'].includes(basedir)) return false;
  return (
    existsSync(join(basedir, 'lib')) && readdirSync(join(basedir, 'lib')).some((name) => name.includes('-linux-gnu'))
  );
}

/** The C library's loader by its names on all of Debian's architectures; its folder has all other libraries. */
function findLoader(basedir: string): string {
  for (const triplet of readdirSync(join(basedir, 'lib'))) {
    if (!triplet.includes('-linux-gnu')) continue;
    const name = readdirSync(join(basedir, 'lib', triplet)).find((file) => /^ld(-linux.*|64)\.so\.\d$/.test(file));
    if (name) return join(basedir, 'lib', triplet, name);
  }
  throw new Error(`${basedir} has no loader.`);
}

function pluginFolders(basedir: string): string[] {
  const lib = join(basedir, 'lib');
  const triplets = existsSync(lib) ? readdirSync(lib).filter((name) => name.includes('-linux-gnu')) : [];
  return [
    'lib/mysql/plugin',
    'lib64/mysql/plugin',
    'lib/plugin',
    ...triplets.map((name) => `lib/${name}/mysql/plugin`),
  ];
}

function findFolder(basedir: string, folders: string[], holding: string): string {
  const folder = folders.map((name) => join(basedir, name)).find((path) => existsSync(join(path, holding)));
  if (!folder) throw new Error(`${basedir} has no ${basename(holding)}.`);
  return folder;
}

/** Ubuntu's AppArmor profile lets the system's mysqld write to /var/lib/mysql only, so our data folders stay shut. */
function refuseConfined(mysqld: string): void {
  const profile = mysqld.slice(1).replaceAll('/', '.');
  const enabled = '/sys/module/apparmor/parameters/enabled';
  if (
    existsSync(join('/etc/apparmor.d', profile)) &&
    !existsSync(join('/etc/apparmor.d/disable', profile)) &&
    existsSync(enabled) &&
    readFileSync(enabled, 'utf8').startsWith('Y')
  ) {
    throw new Error(`AppArmor confines ${mysqld} to the system's own data folder.`);
  }
}
