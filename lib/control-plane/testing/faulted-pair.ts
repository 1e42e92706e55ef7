/** One highly available server of a real daemon, for faults to happen to under load. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { rows } from '../mysql/client.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { destroyHome, makeHome, startDaemon, until, type ArmAnswer, type TestDaemon } from './daemon.ts';
import { createHighlyAvailable, expectWhole } from './high-availability.ts';
import { HighlyAvailableServer } from './highly-available-server.ts';
import { prepareTable, startWriters, type WriterReport } from './writers.ts';

const SECONDS = 1000;

export class FaultedPair {
  readonly home = makeHome();
  readonly server: HighlyAvailableServer;
  /** Acknowledged since the beginning: none of it may be missing at any later moment. */
  readonly acknowledged: number[] = [];
  readonly #name: string;
  #daemon: TestDaemon | undefined;
  #id = '';

  constructor(name: string) {
    this.#name = name;
    this.server = new HighlyAvailableServer(this.home, name);
  }

  /** The one that runs, or ran last. */
  get daemon(): TestDaemon {
    return this.#daemon!;
  }

  /** The server's ARM id. */
  get id(): string {
    return this.#id;
  }

  async create(): Promise<void> {
    const { daemon } = await this.startDaemon();
    const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/ha`;
    await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
    this.#id = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/${this.#name}`;
    await createHighlyAvailable(daemon, this.#id);
    await prepareTable(this.server.target);
  }

  async startDaemon(env: Record<string, string> = {}): Promise<this> {
    this.#daemon = await startDaemon({ home: this.home, env });
    return this;
  }

  /** @param showLog prints the daemon's log first. */
  async destroy(showLog = false): Promise<void> {
    if (showLog) process.stdout.write(readFileSync(join(this.home, 'daemon.log')));
    await destroyHome(this.home);
  }

  async succeed(answer: ArmAnswer): Promise<void> {
    expect(await this.daemon.ended(answer)).toMatchObject({ status: 'Succeeded' });
  }

  /** Lets a fault happen under four writers; afterwards all is whole again, and nothing acknowledged is missing. */
  async underLoad(fault: () => Promise<unknown> | unknown): Promise<WriterReport> {
    const { server, acknowledged } = this;
    await server.becomes('Healthy');
    const watch = server.watchWriters();
    const writers = startWriters(server.target, 4);
    let report;
    let watched;
    try {
      await writers.progress(100, 30 * SECONDS);
      await fault();
      await writers.progress(100, 60 * SECONDS);
      await server.becomes('Healthy');
      await writers.progress(50, 30 * SECONDS);
    } finally {
      // Whatever went wrong, nobody writes or looks on into the next test.
      report = await writers.stop();
      acknowledged.push(...report.numbers);
      watched = await watch.stop();
    }
    const { samples, both } = watched;
    expect(samples).toBeGreaterThan(5);
    expect(both).toBe(0);
    await expectWhole(server, acknowledged);
    return report;
  }

  /** Until the standby has so many transactions that it received and did not execute. */
  async unexecuted(transactions: number): Promise<void> {
    await until(30 * SECONDS, () =>
      this.server.on('standby', async (own) => {
        const [row] = await rows<{ behind: string }>(
          own,
          `SELECT GTID_SUBTRACT(received_transaction_set, @@GLOBAL.gtid_executed) AS behind
             FROM performance_schema.replication_connection_status WHERE channel_name = ''`,
        );
        return GtidSet.parse(row!.behind).count() >= transactions || undefined;
      }),
    );
  }
}
