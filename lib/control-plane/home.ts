import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CONTROL_FOLDER } from './mysql/client.ts';

/** The format of a home that this version writes. Raise it with a migration, never without. */
const HOME_FORMAT = 1;

/** A Unix socket's path has 107 bytes at most; the longest name in the run folder (`/sql/<36 characters>.sock`) takes these. */
const SOCKET_PATH_LIMIT = 107;
const SOCKET_NAME_RESERVE = 48;

const HomeFile = z.object({ format: z.int().positive(), createdAt: z.string() });

/** Every file and folder of a home that more than one part of the control plane knows. Absolute paths. */
export interface HomePaths {
  home: string;
  /** Format version of this home; see {@link prepareHome}. */
  homeFile: string;
  controlDatabase: string;
  samplesDatabase: string;
  caKey: string;
  /** `ca.pem`: what clients trust. */
  caCertificate: string;
  /** Written when all of the daemon answers, removed when it stops. */
  readyFile: string;
  servicePrincipalFile: string;
  /** The mysqlds' sockets, 0700, theirs alone. Short enough that a socket in it never exceeds the system's limit. */
  runFolder: string;
  /** In a folder that is the daemon's alone: as root, no mysqld that somebody has broken into can put its own there. */
  gatewaySocket: string;
  instancesFolder: string;
  instanceFolder(instanceId: string): string;
  runtimesFolder: string;
  /** Initialised data directories that new servers are copied from. */
  templatesFolder: string;
  /** Data directories made ahead, for the next servers. */
  sparesFolder: string;
  logsFolder: string;
  /** What was rotated of a server's logs. */
  serverLogsFolder(serverId: string): string;
}

/**
 * Names what lies where; touches nothing.
 *
 * @param home absolute.
 * @param runtimesFolder where homes share runtimes; `<home>/runtimes` otherwise.
 */
export function homePaths(home: string, runtimesFolder = join(home, 'runtimes')): HomePaths {
  const run = runFolderOf(home);
  const runFolder = join(run, 'sql');
  const instancesFolder = join(home, 'instances');
  return {
    home,
    homeFile: join(home, 'home.json'),
    controlDatabase: join(home, 'control.db'),
    samplesDatabase: join(home, 'samples.db'),
    caKey: join(home, 'ca-key.pem'),
    caCertificate: join(home, 'ca.pem'),
    readyFile: join(home, 'ready.json'),
    servicePrincipalFile: join(home, 'service-principal.json'),
    runFolder,
    gatewaySocket: join(run, CONTROL_FOLDER, 'gateway.sock'),
    instancesFolder,
    instanceFolder: (instanceId) => join(instancesFolder, instanceId),
    runtimesFolder,
    templatesFolder: join(home, 'templates'),
    sparesFolder: join(home, 'spares'),
    logsFolder: join(home, 'logs'),
    serverLogsFolder: (serverId) => join(home, 'server-logs', serverId),
  };
}

function runFolderOf(home: string): string {
  const own = join(home, 'run');
  if (Buffer.byteLength(own) + SOCKET_NAME_RESERVE <= SOCKET_PATH_LIMIT) return own;
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12);
  // Not os.tmpdir(): the same home must find its sockets again whatever TMPDIR says that day.
  return join('/tmp', `flexdeck-${userInfo().uid}`, name);
}

/**
 * Makes the home's folders, and its `home.json` when it is new. Safe to repeat.
 *
 * @param mysqlUser who mysqld runs as, when that is another user than the daemon's (root): it then owns the run folder
 *   and may pass through the home, but not list it.
 * @throws {Error} when a newer Flexdeck wrote the home, or the run folder belongs to somebody else.
 */
export function prepareHome(paths: HomePaths, mysqlUser?: { uid: number; gid: number }): void {
  const passable = mysqlUser ? 0o711 : 0o700;
  makeFolder(paths.home, passable);
  checkFormat(paths);
  makeFolder(paths.instancesFolder, passable);
  makeFolder(paths.templatesFolder, passable);
  makeFolder(paths.sparesFolder, passable);
  makeFolder(paths.logsFolder, 0o700);
  const run = dirname(paths.runFolder);
  if (!run.startsWith(paths.home)) makeFolder(dirname(run), passable, { refuseOthers: true });
  makeFolder(run, passable);
  makeFolder(dirname(paths.gatewaySocket), 0o700);
  makeFolder(paths.runFolder, 0o700);
  if (mysqlUser) chownSync(paths.runFolder, mysqlUser.uid, mysqlUser.gid);
}

function makeFolder(path: string, mode: number, { refuseOthers = false } = {}): void {
  mkdirSync(path, { recursive: true, mode });
  if (refuseOthers) {
    // Under /tmp somebody else may have made it first, to have our sockets.
    const found = lstatSync(path);
    if (!found.isDirectory() || found.uid !== userInfo().uid) {
      throw new Error(`${path} belongs to somebody else. Remove it, or choose a shorter FLEXDECK_HOME.`);
    }
  }
  chmodSync(path, mode);
}

function checkFormat({ homeFile, home }: HomePaths): void {
  let text: string;
  try {
    text = readFileSync(homeFile, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
    const fresh: z.infer<typeof HomeFile> = { format: HOME_FORMAT, createdAt: new Date().toISOString() };
    writeFileSync(`${homeFile}.new`, `${JSON.stringify(fresh, null, 2)}\n`);
    renameSync(`${homeFile}.new`, homeFile);
    return;
  }
  const { format } = HomeFile.parse(JSON.parse(text));
  if (format > HOME_FORMAT) {
    throw new Error(
      `${home} was written by a newer Flexdeck (format ${format}, this one knows ${HOME_FORMAT}). ` +
        'Update Flexdeck, or set FLEXDECK_HOME to another folder.',
    );
  }
}
