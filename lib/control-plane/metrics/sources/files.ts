import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { percent } from './process.ts';

const GIB = 1024 ** 3;
/** Azure keeps 7 GB of server logs. */
const SERVER_LOG_LIMIT = 7 * GIB;
/** A block of stat(2), whatever the file system's own are. */
const BLOCK = 512;
/** Files looked at side by side: enough to keep the disk busy, few enough to leave the others their threads. */
const BATCH = 16;

/** Bytes on disk: of a sparse file only what is there. */
export interface FileSize {
  /** Below the data directory. */
  path: string;
  bytes: number;
}

/** All files below a folder. Those that go away meanwhile are left out. */
export async function fileSizes(folder: string): Promise<FileSize[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes: FileSize[] = [];
  for (let at = 0; at < files.length; at += BATCH) {
    const found = await Promise.all(files.slice(at, at + BATCH).map(sizeOf));
    sizes.push(
      ...found.flatMap(({ path, bytes }) => (bytes === 0 ? [] : [{ path: path.slice(folder.length + 1), bytes }])),
    );
  }
  return sizes;
}

/** 0 for one that is not there. */
async function sizeOf(path: string): Promise<FileSize> {
  const found = await stat(path).catch(() => undefined);
  return { path, bytes: (found?.blocks ?? 0) * BLOCK };
}

/** @param folder of those that were rotated; may be missing. */
export async function logBytes(files: readonly string[], folder: string): Promise<number> {
  const rotated = await fileSizes(folder).catch(() => []);
  const sizes = [...rotated, ...(await Promise.all(files.map(sizeOf)))];
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What the files of a data directory and its logs say. @param limitBytes of storage that was asked for. */
export function storageLevels(
  files: readonly FileSize[],
  serverLogBytes: number,
  limitBytes: number,
): Map<string, number> {
  const sums = { data: 0, binlog: 0, ibdata1: 0, others: 0 };
  for (const { path, bytes } of files) sums[kindOf(path)] += bytes;
  const used = sums.data + sums.binlog + sums.ibdata1 + sums.others;
  return new Map([
    ['data_storage_used', sums.data],
    ['binlog_storage_used', sums.binlog],
    ['ibdata1_storage_used', sums.ibdata1],
    ['others_storage_used', sums.others],
    ['storage_used', used],
    ['storage_limit', limitBytes],
    ['storage_percent', percent(used, limitBytes)],
    ['serverlog_storage_usage', serverLogBytes],
    ['serverlog_storage_limit', SERVER_LOG_LIMIT],
    ['serverlog_storage_percent', percent(serverLogBytes, SERVER_LOG_LIMIT)],
  ]);
}

/** By MySQL's own names of its files; `#innodb_temp` and the like are nobody's data. */
function kindOf(path: string): 'data' | 'binlog' | 'ibdata1' | 'others' {
  if (path === 'ibdata1') return 'ibdata1';
  if (/^binlog\.(\d+|index)$/.test(path)) return 'binlog';
  return path.endsWith('.ibd') && !path.startsWith('#') ? 'data' : 'others';
}
