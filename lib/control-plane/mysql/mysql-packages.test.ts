import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseOsRelease } from './machine-packages.ts';
import { downloadMysqlPackages } from './mysql-packages.ts';

let folder: string;
let asked: string[];
beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'fd-apt-'));
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc/sources.list'), 'deb http://archive.example/ubuntu plucky main\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Ubuntu with this answer of `apt-cache madison`. */
const download = (offered: string) =>
  downloadMysqlPackages(join(folder, 'apt'), {
    aptFolder: join(folder, 'etc'),
    system: parseOsRelease('ID=ubuntu\nPRETTY_NAME="Ubuntu 25.04"\n'),
    onProgress: () => {},
    run: async (file, args) => {
      asked.push([file, ...args.filter((arg) => !/^(--quiet|--config-file|\/)/.test(arg))].join(' '));
      if (file === 'apt-cache') return { stdout: offered, stderr: '' };
      return { stdout: file === 'dpkg' ? 'amd64\n' : '', stderr: '' };
    },
  });

test('Ubuntu’s own archive is asked first, by the machine’s own sources and keys', async () => {
  await download('mysql-server-core-8.4 | 8.4.7-0ubuntu1 | x\nmysql-client-core-8.4 | 8.4.7-0ubuntu1 | x');
  expect(asked.slice(1)).toEqual([
    'apt-get update',
    'apt-cache madison mysql-server-core-8.4 mysql-client-core-8.4 mysql-server-core mysql-client-core mysql-server-core-8.0',
    'apt-get install --download-only mysql-server-core-8.4 mysql-client-core-8.4',
  ]);
  const conf = readFileSync(join(folder, 'apt/apt.conf'), 'utf8');
  expect(conf).toContain(`Dir::Etc::sourcelist "${join(folder, 'etc/sources.list')}"`);
  expect(existsSync(join(folder, 'apt/sources.list'))).toBe(false);
});

test('one that has only an older MySQL says so, and what to do', async () => {
  await expect(download('mysql-server-core-8.0 | 8.0.44-0ubuntu0.24.04.1 | x')).rejects.toThrow(
    /The archive of Ubuntu 25\.04 has MySQL 8\.0\.44, which is too old\. This machine's apt sources name no mirror of Debian/,
  );
  expect(asked.some((line) => line.includes('install'))).toBe(false);
});
