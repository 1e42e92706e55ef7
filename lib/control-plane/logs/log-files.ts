import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LogKind } from '../../arm/local/log-entry.ts';

/** Who writes a file, of a server that has a standby; nothing else has more than one that it could be. */
export interface LogWriter {
  zone: string;
  /** Now: a failover changes it within a file. Absent of a file that is rotated. */
  role?: 'primary' | 'standby';
}

/** Where the logs of one server lie. */
export interface LogPlace {
  serverName: string;
  /** Holds what was rotated, of every instance that the server has had; of a standby or its primary by zone. */
  folder: string;
  /** What mysqlds write to right now, the primary's last. */
  active: readonly { kind: LogKind; path: string; writer?: LogWriter }[];
}

export interface LogFile {
  /** As people see it; it stays when the file is rotated. */
  name: string;
  kind: LogKind;
  path: string;
  /** Device and inode: the same file under whatever name. */
  identity: string;
  sizeBytes: number;
  createdAt: number;
  modifiedAt: number;
  isActive: boolean;
  writer?: LogWriter | undefined;
}

const WORDS: Record<LogKind, string> = { slowlog: 'slow', errorlog: 'error', connectionlog: 'connection' };
const KINDS = new Map(Object.entries(WORDS).map(([kind, word]) => [word, kind as LogKind]));
/** A folder of rotated files. */
const OF_ZONE = /^zone-(\w+)$/;
const ROTATED = /^mysql-(slow|error|connection)-.*-(\d{14})(?:-\d+)?\.log$/;

/** All that is not empty: rotated files by age, then the active ones. */
export async function listLogFiles({ serverName, folder, active }: LogPlace): Promise<LogFile[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const rotated = await Promise.all(
    names.map(async (name) => {
      const word = ROTATED.exec(basename(name))?.[1];
      const zone = OF_ZONE.exec(dirname(name))?.[1];
      return word
        ? look(join(folder, name), KINDS.get(word)!, false, zone === undefined ? undefined : { zone })
        : undefined;
    }),
  );
  const taken = new Set(names.map((name) => basename(name)));
  const current: (LogFile | undefined)[] = [];
  for (const { kind, path, writer } of active) {
    const file = await look(path, kind, true, writer);
    if (!file) continue;
    const name = freeName(serverName, file, taken);
    taken.add(name);
    current.push({ ...file, name });
  }
  // Two may have begun in the same second.
  const byAge = rotated
    .filter((file) => file !== undefined)
    .sort((one, other) => one.createdAt - other.createdAt || one.modifiedAt - other.modifiedAt);
  return [...byAge, ...current.filter((file) => file !== undefined)].filter(({ sizeBytes }) => sizeBytes > 0);
}

async function look(
  path: string,
  kind: LogKind,
  isActive: boolean,
  writer: LogWriter | undefined,
): Promise<LogFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const name = basename(path);
  const stamp = ROTATED.exec(name)?.[2];
  return {
    name,
    kind,
    path,
    identity: `${found.dev}-${found.ino}`,
    sizeBytes: found.size,
    createdAt: stamp ? fromStamp(stamp) : Math.round(found.birthtimeMs),
    modifiedAt: Math.round(found.mtimeMs),
    isActive,
    writer,
  };
}

/** Where a file goes when it is rotated: who wrote it stays known. */
async function restingPlace({ folder }: LogPlace, { name, writer }: LogFile): Promise<string> {
  const into = writer ? join(folder, `zone-${writer.zone}`) : folder;
  await mkdir(into, { recursive: true, mode: 0o700 });
  return join(into, name);
}

/** Azure's form, to the second; with a number where two began in the same one. */
function freeName(serverName: string, { kind, createdAt }: LogFile, taken: ReadonlySet<string>): string {
  const stamp = new Date(createdAt).toISOString().replace(/\D/g, '').slice(0, 14);
  const first = `mysql-${WORDS[kind]}-${serverName}-${stamp}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${first}.log` : `${first}-${number}.log`;
    if (!taken.has(name)) return name;
  }
}

function fromStamp(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** What the logs of a server may take, as in Azure. */
export interface LogLimits {
  rotateAfterMs: number;
  rotateAtBytes: number;
  keptMs: number;
  keptBytes: number;
}

const DAY = 24 * 60 * 60_000;
const GIB = 1024 ** 3;
export const LOG_LIMITS: LogLimits = {
  rotateAfterMs: DAY,
  rotateAtBytes: 500 * 1024 ** 2,
  keptMs: 7 * DAY,
  keptBytes: 7 * GIB,
};

/**
 * Puts every active file that is due among the rotated ones. mysqld goes on writing into the moved file until it is told
 * to open its logs anew, so nothing is lost; where it cannot be told, the file goes back to its place.
 *
 * @param reopen tells the mysqld that writes this file: FLUSH … LOGS.
 * @returns names of the files that were moved.
 */
export async function rotateLogs(
  place: LogPlace,
  { now, limits, reopen }: { now: number; limits: LogLimits; reopen(path: string, kind: LogKind): Promise<void> },
): Promise<string[]> {
  const due = (await listLogFiles(place)).filter(
    ({ isActive, sizeBytes, createdAt }) =>
      isActive && (sizeBytes >= limits.rotateAtBytes || now - createdAt >= limits.rotateAfterMs),
  );
  const moved: string[] = [];
  for (const file of due) {
    const { path, name, kind } = file;
    const target = await restingPlace(place, file);
    await rename(path, target);
    try {
      await reopen(path, kind);
      moved.push(name);
    } catch (failure) {
      // Unless a new file is there: then mysqld was told, and only its answer is missing.
      if (!(await stat(path).catch(() => undefined))) await rename(target, path);
      throw failure;
    }
  }
  return moved;
}

/** Keeps the logs of an instance that is about to be removed, so that a failover takes none away. Its mysqld is dead. */
export async function keepLogs(place: LogPlace): Promise<void> {
  // Who connected is written down for the server, whichever instance serves it.
  const files = (await listLogFiles(place)).filter(({ isActive, kind }) => isActive && kind !== 'connectionlog');
  for (const file of files) await rename(file.path, await restingPlace(place, file));
}

/** Removes rotated files that are too old or too many. @returns how many. */
export async function pruneLogs(place: LogPlace, now: number, limits: LogLimits): Promise<number> {
  const files = await listLogFiles(place);
  let total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let removed = 0;
  for (const { path, isActive, modifiedAt, sizeBytes } of files) {
    if (isActive || (now - modifiedAt <= limits.keptMs && total <= limits.keptBytes)) continue;
    await rm(path, { force: true });
    total -= sizeBytes;
    removed += 1;
  }
  return removed;
}

/** All logs of a server that is deleted. */
export async function removeLogs({ folder }: Pick<LogPlace, 'folder'>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
