import { appendFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownloadLinks } from './download-links.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEntry } from './log-entries.ts';
import { keepLogs, listLogFiles, LOG_LIMITS, pruneLogs, rotateLogs, type LogPlace } from './log-files.ts';
import { searchLog, tailLog } from './read-log.ts';

const HEADER =
  '/usr/sbin/mysqld, Version: 9.7.0. started with:\nTcp port: 0  Unix socket: x\nTime Id Command Argument\n';
let count = 0;

function slow(statement: string, { user = 'boss', id = 12, seconds = 1.5 } = {}): string {
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, count++)).toISOString().replace('Z', '000Z');
  return (
    `# Time: ${time}\n# User@Host: ${user}[${user}] @ localhost []  Id:    ${id}\n` +
    `# Query_time: ${seconds}00000  Lock_time: 0.000012 Rows_sent: 3  Rows_examined: 4000\n` +
    `use shop;\nSET timestamp=1767225600;\n${statement};\n`
  );
}

let root: string;
let place: LogPlace;
let slowLog: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'logs-'));
  slowLog = join(root, 'slow.log');
  place = { serverName: 'orders', folder: join(root, 'kept'), active: [{ kind: 'slowlog', path: slowLog }] };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const texts = ({ value }: { value: { text: string }[] }) => value.map(({ text }) => text);
const search = async (text: string, cursor?: string) =>
  searchLog('slowlog', await listLogFiles(place), { text, cursor });
const tail = async (cursor?: string) => tailLog('slowlog', await listLogFiles(place), cursor);
const rotate = (reopen = async () => writeFile(slowLog, '')) =>
  rotateLogs(place, { now: Date.now(), limits: { ...LOG_LIMITS, rotateAtBytes: 1 }, reopen });

describe('entries', () => {
  it('reads what the slow query log says of a statement', () => {
    expect(parseEntry('slowlog', slow('select *\nfrom t; -- # Query_time: 9', { id: 7 }), 'a')).toMatchObject({
      text: 'select *\nfrom t; -- # Query_time: 9;',
      user: 'boss',
      connectionId: 7,
      database: 'shop',
      seconds: 1.5,
      lockSeconds: 0.000012,
      rowsSent: 3,
      rowsExamined: 4000,
      isCut: false,
    });
  });

  it('leaves out what the daemon runs, and cuts long texts', () => {
    expect(parseEntry('slowlog', slow('select 1', { user: 'flexdeck' }), 'a')).toBeUndefined();
    const entry = parseEntry('slowlog', slow(`select '${'x'.repeat(5000)}'`), 'a')!;
    expect([entry.isCut, entry.text.length]).toEqual([true, 2048]);
  });

  it('reads errors, and a line that is none of the usual', () => {
    const time = '2026-01-01T00:00:00.123456Z';
    expect(parseEntry('errorlog', `${time} 0 [Warning] [MY-010068] [Server] CA is self signed.\n`, 'a')).toEqual({
      id: 'a',
      time,
      level: 'Warning',
      code: 'MY-010068',
      subsystem: 'Server',
      text: 'CA is self signed.',
      isCut: false,
    });
    expect(parseEntry('errorlog', `${time} odd\n`, 'a')).toMatchObject({ time, text: 'odd' });
    expect(parseEntry('errorlog', 'nothing\n', 'a')).toBeUndefined();
  });
});

describe('tail', () => {
  it('goes on where it was, across a rotation, and loses nothing that was written meanwhile', async () => {
    await writeFile(slowLog, HEADER + slow('select 1'));
    const first = await tail();
    expect(texts(first)).toEqual(['select 1;']);
    expect((await tail(first.cursor)).value).toEqual([]);
    await rotate(async () => {
      // mysqld writes into the moved file until it opens the new one.
      const [moved] = (await listLogFiles(place)).filter(({ isActive }) => !isActive);
      await appendFile(moved!.path, slow('select 2'));
      await writeFile(slowLog, slow('select 3'));
    });
    const second = await tail(first.cursor);
    expect(texts(second)).toEqual(['select 2;']);
    expect(second.hasMore).toBe(true);
    expect(texts(await tail(second.cursor))).toEqual(['select 3;']);
  });

  it('waits for the end of a line, and begins anew where a cursor leads nowhere', async () => {
    await writeFile(slowLog, slow('select 1'));
    const { cursor } = await tail();
    await appendFile(slowLog, '# Time: 2026-01-01T00:');
    expect((await tail(cursor)).value).toEqual([]);
    expect(texts(await tail('1-1:0'))).toEqual(['select 1;']);
    await expect(tail('../../etc/passwd')).rejects.toThrow(/cursor/);
  });

  it('answers with a bounded part of a large file', async () => {
    await writeFile(slowLog, Array.from({ length: 3000 }, (_, index) => slow(`select ${index}`)).join(''));
    const [file] = await listLogFiles(place);
    const seen: string[] = [];
    let cursor = `${file!.identity}:0`;
    for (let hasMore = true; hasMore;) {
      const page = await tail(cursor);
      seen.push(...texts(page));
      cursor = page.cursor!;
      ({ hasMore } = page);
    }
    expect(seen).toEqual(Array.from({ length: 3000 }, (_, index) => `select ${index};`));
    expect((await tail()).value.length).toBe(200);
  });
});

describe('search', () => {
  it('finds text in any letters, special characters as they are, in rotated files too', async () => {
    await writeFile(slowLog, HEADER + slow('SELECT a.* FROM Orders') + slow('select 2'));
    await rotate();
    await writeFile(slowLog, slow('select (.*) from ORDERS'));
    expect(texts(await search('orders'))).toEqual(['SELECT a.* FROM Orders;', 'select (.*) from ORDERS;']);
    expect(texts(await search('(.*)'))).toEqual(['select (.*) from ORDERS;']);
    expect(texts(await search('.*x'))).toEqual([]);
  });

  it('sees every entry of a large file once, whatever lies at the borders of what it reads', async () => {
    const statement = (index: number) => `select ${index}, '${'é'.repeat(index % 700)}'`;
    await writeFile(slowLog, HEADER + Array.from({ length: 4000 }, (_, index) => slow(statement(index))).join(''));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search('SELECT', cursor);
      seen.unshift(...texts(page));
      ({ cursor } = page);
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 4000 }, (_, index) => `${statement(index)};`));
  });

  it('gets past an entry that is longer than what it reads at once', async () => {
    await writeFile(slowLog, slow('select 1') + slow(`select '${'\n x'.repeat(400_000)}'`) + slow('select 3'));
    expect(texts(await search('select 1'))).toEqual(['select 1;']);
    expect(texts(await search('select 3'))).toEqual(['select 3;']);
  });
});

describe('files', () => {
  it('puts a file back when mysqld could not be told', async () => {
    await writeFile(slowLog, slow('select 1'));
    await expect(rotate(() => Promise.reject(new Error('hung')))).rejects.toThrow('hung');
    expect(await readFile(slowLog, 'utf8')).toContain('select 1');
    expect(await listLogFiles(place)).toHaveLength(1);
  });

  it('keeps the name of a file that is rotated, and gives each its own', async () => {
    await writeFile(slowLog, 'a');
    const [before] = await listLogFiles(place);
    await rotate();
    const [after] = await listLogFiles(place);
    expect(after).toMatchObject({ name: before!.name, identity: before!.identity, isActive: false });
    await writeFile(slowLog, 'b');
    const names = (await listLogFiles(place)).map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => /^mysql-slow-orders-\d{14}(-\d+)?\.log$/.test(name))).toBe(true);
  });

  it('says of both sides which wrote a file, rotated or not, with names of their own', async () => {
    const standbyLog = join(root, 'standby-slow.log');
    place = {
      ...place,
      active: [
        { kind: 'slowlog', path: standbyLog, writer: { zone: '2', role: 'standby' } },
        { kind: 'slowlog', path: slowLog, writer: { zone: '1', role: 'primary' } },
      ],
    };
    for (const path of [standbyLog, slowLog]) await writeFile(path, slow('select 1'));
    const before = await listLogFiles(place);
    expect(before.map(({ writer }) => writer?.role)).toEqual(['standby', 'primary']);
    expect((await search('select')).value.map(({ zone }) => zone)).toEqual(['2', '1']);
    await rotateLogs(place, { now: Date.now(), limits: { ...LOG_LIMITS, rotateAtBytes: 1 }, reopen: async () => {} });
    const after = await listLogFiles(place);
    const of = (files: typeof after) => Object.fromEntries(files.map(({ name, writer }) => [name, writer?.zone]));
    expect(after.map(({ isActive }) => isActive)).toEqual([false, false]);
    expect(of(after)).toEqual(of(before));
    expect(new Set(Object.values(of(after)))).toEqual(new Set(['1', '2']));
  });

  it('keeps the logs of an instance that goes', async () => {
    await writeFile(slowLog, 'a');
    await keepLogs(place);
    expect((await listLogFiles(place)).map(({ isActive }) => isActive)).toEqual([false]);
  });

  it('forgets rotated files by age and by size, the oldest first, and never the active one', async () => {
    await mkdir(place.folder);
    for (const day of ['01', '02', '03']) {
      const file = join(place.folder, `mysql-slow-orders-202601${day}000000.log`);
      await writeFile(file, 'x'.repeat(100));
      await utimes(file, 0, Date.UTC(2026, 0, Number(day)) / 1000);
    }
    await writeFile(slowLog, 'x'.repeat(100));
    const limits = { ...LOG_LIMITS, keptBytes: 250 };
    expect(await pruneLogs(place, Date.UTC(2026, 0, 8), limits)).toBe(2);
    expect((await listLogFiles(place)).map(({ isActive }) => isActive)).toEqual([false, true]);
    expect(await pruneLogs(place, Date.UTC(2026, 0, 12), limits)).toBe(1);
    expect(await pruneLogs(place, Date.UTC(2027, 0, 1), { ...limits, keptBytes: 1 })).toBe(0);
  });

  it('does not take other files in the folder for logs', async () => {
    await mkdir(place.folder);
    await writeFile(join(place.folder, 'notes.txt'), 'x');
    await writeFile(slowLog, 'x');
    await rename(slowLog, join(place.folder, 'mysql-slow-orders-20260101000000.log.new'));
    expect(await listLogFiles(place)).toEqual([]);
  });
});

it('signs links to one file, for an hour', () => {
  let now = Date.UTC(2026, 0, 1);
  const links = createDownloadLinks(Buffer.alloc(32, 1), { now: () => now });
  const query = (link: string) => Object.fromEntries(new URL(link, 'https://x').searchParams);
  const given = query(links.make('id', 'a.log'));
  expect(links.check('id', 'a.log', given)).toBe('valid');
  expect(links.check('id', 'b.log', given)).toBe('invalid');
  expect(links.check('other', 'a.log', given)).toBe('invalid');
  expect(links.check('id', 'a.log', { ...given, se: '2030-01-01T00:00:00Z' })).toBe('invalid');
  expect(links.check('id', 'a.log', { ...given, sig: 'é' })).toBe('invalid');
  expect(links.check('id', 'a.log', {})).toBe('invalid');
  expect(createDownloadLinks(Buffer.alloc(32, 2), { now: () => now }).check('id', 'a.log', given)).toBe('invalid');
  now += 60 * 60_000 + 1;
  expect(links.check('id', 'a.log', given)).toBe('expired');
});
