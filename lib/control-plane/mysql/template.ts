import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { systemClock } from '../clock.ts';
import { DAEMON_ACCOUNT } from './client.ts';
import { spawnBareMysqld, systemProcessWorld, type ProcessWorld } from './process.ts';
import { runProgram } from './run-program.ts';
import type { MysqlRuntime } from './runtime.ts';
import { LOAD_TIME_ZONES, TIME_ZONE_TABLE, timeZoneStatements } from './time-zones.ts';
import { giveToMysqld } from './user.ts';

const UNFINISHED = '.unfinished-';
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Small, and without what every server has of its own. Kept in step with what `options.ts` says cannot change later. */
const TEMPLATE_OPTIONS = [
  '--lower-case-table-names=1',
  '--skip-log-bin',
  '--skip-networking',
  '--mysqlx=OFF',
  '--auto-generate-certs=OFF',
  '--caching-sha2-password-auto-generate-rsa-keys=OFF',
  '--performance-schema=OFF',
  '--innodb-buffer-pool-size=64M',
  '--innodb-redo-log-capacity=8M',
  '--secure-file-priv=NULL',
];

/** What must not be the same on two servers: UUID, keys. And what is of no use to a copy. */
const NOT_SHARED = /^(auto\.cnf|.*\.pem|.*\.sock|.*\.lock|.*\.err|.*\.pid|#innodb_temp|ibtmp1)$/;

/**
 * The prepared data directory that new servers of this runtime are copied from: initialised, with the daemon's account,
 * Azure's procedures and nobody else who could sign in. Made once (seconds) and published by one rename, so that a
 * daemon killed in between leaves no half of one; safe beside other callers.
 *
 * @returns its folder. The name tells MySQL's version and what was put in, so a change of either makes a new one.
 */
export async function ensureTemplate(
  { runtime, templatesFolder }: { runtime: MysqlRuntime; templatesFolder: string },
  // Its clock is compared with what files say.
  world: Pick<ProcessWorld, 'spawn' | 'clock'> = { ...systemProcessWorld, clock: systemClock },
): Promise<string> {
  const statements = templateStatements(userInfo().username);
  const digest = createHash('sha256').update(statements.join('\n')).update(TEMPLATE_OPTIONS.join(' ')).digest('hex');
  const published = join(templatesFolder, `${runtime.fullVersion}-${digest.slice(0, 12)}`);
  await removeAbandoned(templatesFolder, world.clock.now());
  if (await exists(published)) return published;

  const work = await mkdtemp(join(templatesFolder, UNFINISHED));
  try {
    const data = join(work, 'data');
    await mkdir(data, { mode: 0o750 });
    const statementsFile = join(work, 'statements.sql');
    const timeZones = await timeZoneStatements(runtime);
    // It ends by itself: a daemon that dies meanwhile leaves no mysqld behind that nobody knows of.
    await writeFile(statementsFile, `${[...statements, ...timeZones, 'SHUTDOWN;'].join('\n')}\n`);
    await giveToMysqld(work, data, statementsFile);
    await runMysqld(world, runtime, data, ['--initialize-insecure']);
    await runMysqld(world, runtime, data, ['--plugin-load-add=auth_socket.so', `--init-file=${statementsFile}`]);
    for (const name of await readdir(data)) {
      if (NOT_SHARED.test(name)) await rm(join(data, name), { recursive: true });
    }
    // InnoDB writes its files out in full, mostly zeros: with holes for those a copy is a quarter of the work.
    const sparse = join(work, 'sparse');
    await runProgram('cp', ['-a', '--sparse=always', data, sparse]);
    try {
      await rename(sparse, published);
    } catch (failure) {
      // Another process was first: its template is as good.
      if (!(await exists(published))) throw failure;
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return published;
}

/**
 * SQL that every server is born with. One statement a line, as `--init-file` wants it; nothing here may depend on the
 * server that is made from it.
 *
 * @param osUser who the daemon is to the operating system: auth_socket compares the socket's other end with it.
 */
export function templateStatements(osUser: string): string[] {
  const daemon = `\`${DAEMON_ACCOUNT}\`@\`localhost\``;
  // Sessions that are not a customer's to end.
  const ours = `'${DAEMON_ACCOUNT}', 'event_scheduler', 'system user', 'mysql.session'`;
  const refuse =
    `IF EXISTS (SELECT 1 FROM performance_schema.processlist WHERE id = thread_id AND user IN (${ours})) THEN ` +
    `SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1095, MESSAGE_TEXT = 'You are not owner of this thread'; END IF;`;
  return [
    `CREATE USER ${daemon} IDENTIFIED WITH auth_socket AS '${osUser.replaceAll("'", "''")}';`,
    `GRANT ALL ON *.* TO ${daemon} WITH GRANT OPTION;`,
    TIME_ZONE_TABLE,
    // Until the delimiter is set back a semicolon ends no statement.
    `DELIMITER $$`,
    `CREATE DEFINER = ${daemon} PROCEDURE mysql.az_kill(IN thread_id BIGINT UNSIGNED) BEGIN ${refuse} KILL CONNECTION thread_id; END$$`,
    `CREATE DEFINER = ${daemon} PROCEDURE mysql.az_kill_query(IN thread_id BIGINT UNSIGNED) BEGIN ${refuse} KILL QUERY thread_id; END$$`,
    `CREATE DEFINER = ${daemon} PROCEDURE mysql.az_load_timezone() BEGIN ${LOAD_TIME_ZONES} END$$`,
    `DELIMITER ;`,
    `DROP USER root@localhost;`,
  ];
}

async function runMysqld(
  world: Pick<ProcessWorld, 'spawn'>,
  runtime: MysqlRuntime,
  dataDirectory: string,
  options: string[],
): Promise<void> {
  const child = spawnBareMysqld(world, runtime, {
    data: dataDirectory,
    // Relative to the data directory, since a socket's path has 107 bytes at most. Nobody connects to it.
    socket: 'template.sock',
    options: ['--pid-file=template.pid', ...TEMPLATE_OPTIONS, ...options],
  });
  const ended = once(child, 'exit');
  let log = '';
  for await (const part of child.stderr!.setEncoding('utf8')) {
    log += part;
    // Having given up at a statement it would go on listening.
    if (/ready for connections|\[ERROR\]/.test(log)) child.kill('SIGTERM');
  }
  const [code, signal] = await ended;
  if (code !== 0 || log.includes('[ERROR]')) {
    const errors = log.split('\n').filter((line) => line.includes('[ERROR]'));
    throw new Error(
      `MySQL ${runtime.fullVersion} could not prepare a data directory (${signal ?? `exit ${code}`}).\n${errors.join('\n') || log}`,
    );
  }
}

/** A killed daemon leaves its unfinished template behind. */
async function removeAbandoned(templatesFolder: string, now: number): Promise<void> {
  for (const name of await readdir(templatesFolder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const folder = join(templatesFolder, name);
    const age = await stat(folder).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
