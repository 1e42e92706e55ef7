import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  acceptVersion,
  discoverRuntimes,
  findNewRuntimes,
  registerRuntime,
  writeRuntimeFile,
  type MysqlRuntime,
} from './runtime.ts';

const COMMUNITY = 'mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)';
const MARIADB = 'mysqld  Ver 11.8.2-MariaDB-1 from Debian for debian-linux-gnu on x86_64 (Debian)';

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flexdeck-runtime-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Lays out a MySQL installation whose mysqld says this version. */
function installation(version: string, { without = [] as string[] } = {}): string {
  const basedir = newFolder();
  const plugins = ['auth_socket', 'mysql_clone', 'semisync_source', 'semisync_replica'];
  const programs = ['mysqld', 'mysql', 'mysqldump', 'mysqlbinlog'];
  const files = [
    ...programs.map((name) => `bin/${name}`),
    ...plugins.map((name) => `lib/plugin/${name}.so`),
    'share/english/errmsg.sys',
  ];
  for (const file of files.filter((name) => !without.includes(name))) {
    mkdirSync(dirname(join(basedir, file)), { recursive: true });
    writeFileSync(join(basedir, file), `#!/bin/sh\necho '${version}'\n`);
    chmodSync(join(basedir, file), 0o755);
  }
  return basedir;
}

test('takes MySQL from 8.4 on, as Oracle and Debian word it', () => {
  expect(acceptVersion(COMMUNITY)).toBe('8.4.6');
  expect(acceptVersion('/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))')).toBe('9.7.4');
  expect(acceptVersion('mysqld  Ver 10.0.1 for Linux on aarch64 (MySQL Community Server - GPL)')).toBe('10.0.1');
});

test('refuses all others with the reason', () => {
  expect(() => acceptVersion(MARIADB)).toThrow('This is MariaDB, not MySQL');
  expect(() => acceptVersion('mysqld  Ver 8.4.5-5 for Linux on x86_64 (Percona Server (GPL))')).toThrow('Percona');
  expect(() => acceptVersion('mysqld  Ver 8.0.42 for Linux on x86_64 (MySQL Community Server - GPL)')).toThrow(
    'This is MySQL 8.0.42; Flexdeck needs 8.4 or newer.',
  );
  expect(() => acceptVersion('mysqld  Ver 8.3.0 for Linux on x86_64 (MySQL Community Server - GPL)')).toThrow('8.4');
});

test('prefers the named installation to those of PATH, and tells why one is not used', async () => {
  const named = installation(COMMUNITY);
  const onPath = installation(COMMUNITY.replace('8.4.6', '9.1.0'));
  const mariadb = installation(MARIADB);
  const rejected: [string, string][] = [];
  const runtimes = await discoverRuntimes(newFolder(), {
    mysqlBasedir: named,
    pathFolders: [join(mariadb, 'bin'), join(onPath, 'bin'), join(named, 'bin')],
    onRejected: (basedir, reason) => rejected.push([basedir, reason]),
  });
  const ours = runtimes.filter(({ basedir }) => [named, onPath, mariadb].includes(basedir));
  expect(ours.map(({ source, series, fullVersion }) => ({ source, series, fullVersion }))).toEqual([
    { source: 'environment', series: '8.4', fullVersion: '8.4.6' },
    { source: 'path', series: '9.1', fullVersion: '9.1.0' },
  ]);
  expect(ours[0]!.pluginDirectory).toBe(join(named, 'lib/plugin'));
  expect(ours[0]!.messagesDirectory).toBe(join(named, 'share'));
  expect(ours[0]!.command('mysqldump')).toEqual({ file: join(named, 'bin/mysqldump'), args: [] });
  expect(rejected).toContainEqual([mariadb, expect.stringContaining('MariaDB')]);
});

test('a named installation that cannot be used is a fault, not passed over', async () => {
  const discover = (basedir: string) => discoverRuntimes(newFolder(), { mysqlBasedir: basedir });
  await expect(discover(installation(MARIADB))).rejects.toThrow(
    'FLEXDECK_MYSQL_BASEDIR cannot be used: This is MariaDB',
  );
  await expect(discover(installation(COMMUNITY, { without: ['bin/mysqlbinlog'] }))).rejects.toThrow(
    'has no mysqlbinlog',
  );
  await expect(discover(installation(COMMUNITY, { without: ['lib/plugin/mysql_clone.so'] }))).rejects.toThrow(
    'mysql_clone.so',
  );
  await expect(discover('/nowhere')).rejects.toThrow('/nowhere has no mysqld');
});

test('a registered installation is found again under the same id; a half-made folder is not a runtime', async () => {
  const home = newFolder();
  const basedir = installation(COMMUNITY);
  const registered = await registerRuntime(home, basedir);
  await registerRuntime(home, basedir);
  mkdirSync(join(home, 'runtimes/mysql-9.9.9/usr'), { recursive: true });
  const found = (await discoverRuntimes(home)).filter(({ source }) => source !== 'path');
  expect(found.map(({ id, source, basedir: place }) => ({ id, source, place }))).toEqual([
    { id: registered.id, source: 'registered', place: basedir },
  ]);
  expect(existsSync(join(home, 'runtimes', registered.id, 'runtime.json'))).toBe(true);
});

test('a copy in the folder of runtimes came when it was made, though it has no date; what is not usable is kept with the reason', async () => {
  const folder = newFolder();
  const put = (name: string, version: string) => {
    mkdirSync(join(folder, name));
    writeRuntimeFile(join(folder, name), { source: 'registered', basedir: installation(version) });
  };
  put('copy', COMMUNITY);
  put('wrong', MARIADB);
  const known: MysqlRuntime[] = [];
  const unusable = new Map<string, string>();
  const before = Date.now() - 60_000;
  expect((await findNewRuntimes(known, folder, unusable)).map(({ id }) => id)).toEqual(['copy']);
  expect(known[0]!.registeredAt).toBeGreaterThan(before);
  expect([...unusable]).toEqual([['wrong', expect.stringContaining('MariaDB')]]);
});

test('an unpacked prefix that somebody registers runs through its own loader', async () => {
  const basedir = installation(COMMUNITY);
  const library = join(basedir, 'lib/x86_64-linux-gnu');
  mkdirSync(library);
  writeFileSync(join(library, 'ld-linux-x86-64.so.2'), '#!/bin/sh\nshift 2\nexec "$@"\n');
  chmodSync(join(library, 'ld-linux-x86-64.so.2'), 0o755);
  const { command } = await registerRuntime(newFolder(), basedir);
  expect(command('mysqld')).toEqual({
    file: join(library, 'ld-linux-x86-64.so.2'),
    args: ['--library-path', library, join(basedir, 'bin/mysqld')],
  });
});
