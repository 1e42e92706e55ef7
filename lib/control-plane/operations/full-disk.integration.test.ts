/**
 * The disk of a server's data, of its logs, and of the control plane's journal, each filled to the last byte while clients
 * write. Needs root, for the mounts: minutes, by `FLEXDECK_ALL_FAULTS=1`.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { destroyHome, makeHome, until } from '../testing/daemon.ts';
import { TestServers } from '../testing/servers.ts';
import { SmallDisk } from '../testing/small-disk.ts';

const NAME = 'filled';
const LONG = { timeout: 300_000 };
/** Above the reserve that a server keeps of its disk, so that it takes writes until the disk is filled. */
const ROOM_MIB = 400;

/** Writes one row after the other, connects again when it must, and knows what was acknowledged. */
class Writer {
  acknowledged: number[] = [];
  readonly errors = new Set<string>();
  readonly #servers: TestServers;
  #isStopped = false;
  #next = 1;
  #ended: Promise<void> = Promise.resolve();

  constructor(servers: TestServers) {
    this.#servers = servers;
  }

  start(): void {
    this.#isStopped = false;
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ended;
  }

  /** @returns when so many more were acknowledged. */
  async goesOn(rows: number, withinMs: number): Promise<void> {
    const wanted = this.acknowledged.length + rows;
    await until(withinMs, () => this.acknowledged.length >= wanted || undefined);
  }

  async #run(): Promise<void> {
    let connection: Connection | undefined;
    while (!this.#isStopped) {
      const id = this.#next++;
      try {
        connection ??= await this.#servers.connect(NAME);
        await connection.query({ sql: `INSERT INTO shop.orders VALUES (${id}, REPEAT('x', 500))`, timeout: 20_000 });
        this.acknowledged.push(id);
      } catch (failure) {
        this.errors.add((failure as { code?: string }).code ?? String(failure));
        connection?.destroy();
        connection = undefined;
        await delay(50);
      }
    }
    connection?.destroy();
  }
}

describe.runIf(process.env.FLEXDECK_ALL_FAULTS === '1' && SmallDisk.isPossible())('a disk that is full', () => {
  const home = makeHome();
  const servers = new TestServers(home);
  const writer = new Writer(servers);
  const outside = mkdtempSync(join(tmpdir(), 'fd-out-'));

  beforeAll(async () => {
    // mysqld's user passes through it.
    chmodSync(outside, 0o755);
    await servers.begin('Disks');
    await servers.succeed(await servers.create(NAME));
    await servers.admit(NAME);
    await servers.query(NAME, 'CREATE DATABASE shop');
    await servers.query(NAME, 'CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(500))');
  }, LONG.timeout);

  afterAll(async () => {
    await destroyHome(home);
    rmSync(outside, { recursive: true, force: true });
  });

  /** While nothing runs, the folder moves to a disk of its own, but for what is `kept` beside it. */
  async function onSmallDisk(folder: string, kept: string | undefined, work: (disk: SmallDisk) => Promise<void>) {
    await servers.daemon.stop();
    const away = kept === undefined ? undefined : { from: join(folder, kept), to: join(outside, kept) };
    if (away) {
      copy(away.from, away.to);
      rmSync(away.from, { recursive: true });
      symlinkSync(away.to, away.from);
    }
    await using disk = await SmallDisk.around(folder, ROOM_MIB);
    await servers.start();
    await servers.answersAgain(NAME, 60_000);
    writer.start();
    try {
      await writer.goesOn(50, 30_000);
      await work(disk);
    } finally {
      disk.empty();
      await writer.stop();
    }
    await servers.daemon.stop();
    await disk.moveBack();
    if (away) {
      rmSync(away.from);
      copy(away.to, away.from);
      rmSync(away.to, { recursive: true });
    }
    await servers.start();
    await servers.answersAgain(NAME, 60_000);
  }

  async function nothingIsLost(): Promise<void> {
    const found = (await servers.query(NAME, 'SELECT id FROM shop.orders')) as RowDataPacket[];
    const ids = new Set(found.map(({ id }) => id as number));
    expect(writer.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect(await servers.query(NAME, 'CHECK TABLE shop.orders')).toMatchObject([{ Msg_text: 'OK' }]);
    expect(servers.row(NAME)).toMatchObject({ state: 'Ready' });
  }

  test('of the data: reads go on, writes do when there is room, and none is lost', LONG, async () => {
    await onSmallDisk(join(servers.folderOf(NAME), 'data'), undefined, async (disk) => {
      disk.fill();
      await until(60_000, () => servers.row(NAME).storageFull === 1 || undefined);
      await servers.query(NAME, 'SELECT COUNT(*) FROM shop.orders');
      disk.empty();
      await until(60_000, () => servers.row(NAME).storageFull === 0 || undefined);
      await writer.goesOn(50, 60_000);
    });
    await nothingIsLost();
  });

  test('of the logs: clients notice nothing', LONG, async () => {
    await onSmallDisk(servers.folderOf(NAME), 'data', async (disk) => {
      disk.fill();
      await writer.goesOn(200, 60_000);
      disk.empty();
    });
    await nothingIsLost();
  });

  test(
    'of the journal: clients notice nothing, changes are refused in words, and what was begun goes on',
    LONG,
    async () => {
      await onSmallDisk(home, 'instances', async (disk) => {
        disk.fill();
        await writer.goesOn(200, 60_000);
        const id = servers.idOf(NAME);
        const refused = await until(60_000, async () => {
          const answer = await servers.daemon.arm('PATCH', id, { tags: { at: String(Date.now()) } });
          return answer.status >= 400 ? answer : undefined;
        });
        expect(refused).toMatchObject({
          status: 503,
          body: {
            error: { code: 'DiskFull', message: expect.stringMatching(/^The disk of the control plane is full/) },
          },
        });
        expect((await servers.daemon.arm('GET', id)).status).toBe(200);
        await writer.goesOn(50, 60_000);
        disk.empty();
        const tags = { at: 'last' };
        const changed = await until(60_000, async () => {
          const answer = await servers.daemon.arm('PATCH', id, { tags });
          return answer.status < 400 ? answer : undefined;
        });
        if (changed.status === 202) await servers.succeed(changed);
        expect((await servers.daemon.arm('GET', id)).body.tags).toEqual(tags);

        // Begun with its first step written down, and then there is no room to write down any other.
        const begun = await servers.act(NAME, 'restart');
        expect(begun.status).toBe(202);
        const before = servers.pidOf(NAME);
        disk.fill();
        await until(60_000, async () => {
          const answer = await servers.daemon.arm('PATCH', id, { tags: { at: String(Date.now()) } });
          // Busy, as long as that can still be known without writing.
          return answer.status === 503 || answer.status === 409 || undefined;
        });
        disk.empty();
        await servers.succeed(begun);
        expect(servers.pidOf(NAME)).not.toBe(before);
        await writer.goesOn(50, 60_000);
      });
      await nothingIsLost();
    },
  );
});

/** With owners, which Node's copy does not keep. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', '--no-target-directory', from, to]);
}
