/**
 * Upgrades to another series. With one version of MySQL on the machine, a second copy of it is registered as the newer series:
 * that proves the way (checks, backup, rehearsal, copy, switch, publication, and each way back), not that MySQL takes older data
 * over. That is tried where the machine has two series.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareSeries, upgradeProblem } from '../../rules/upgrades.ts';
import { readConfig } from '../config.ts';
import { homePaths } from '../home.ts';
import { discoverRuntimes } from '../mysql/runtime.ts';
import { listInstances } from '../store/instances.ts';
import { listUpgrades } from '../store/upgrades.ts';
import { destroyHome, makeHome, until } from '../testing/daemon.ts';
import { TestRuntimes } from '../testing/runtimes.ts';
import { PASSWORD, TestServers } from '../testing/servers.ts';
import { ALL_STEPS, positionsOf } from '../testing/steps.ts';

const SECONDS = 1000;
const LONG = { timeout: 300 * SECONDS };
const GENERAL_PURPOSE = { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' };

const { home: configuredHome, runtimesFolder } = readConfig();
/** Two series of MySQL that one can go from one to the other, where this machine has such. */
const real = (await discoverRuntimes(configuredHome, homePaths(configuredHome, runtimesFolder)))
  .toSorted((one, other) => compareSeries(one.series, other.series))
  .map(({ series }) => series)
  .filter((series, index, all) => all.indexOf(series) === index);
const [older, newer] = real;
const hasTwo = older !== undefined && newer !== undefined && !upgradeProblem({ from: older, to: newer, tier: '' });

const runtimes = TestRuntimes.of();

class Upgraded extends TestServers {
  version = 0;

  /** @returns the newest series, of a copy that is registered now. */
  register(): string {
    this.version += 1;
    const series = `10.${this.version}`;
    runtimes!.register(`mysql-10-${this.version}`, Date.UTC(2026, 0, this.version), series);
    return series;
  }

  make(name: string, properties: object = {}) {
    return this.daemon.arm('PUT', this.idOf(name), {
      location: 'westeurope',
      sku: GENERAL_PURPOSE,
      properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, ...properties },
    });
  }

  upgrade(name: string, version: string) {
    return this.daemon.arm('PATCH', this.idOf(name), { properties: { version } });
  }

  /** The daemon ends at its failpoint in the upgrade, which has not failed before. It has succeeded before its very last death. */
  async dies(name: string, version: string): Promise<void> {
    const begun = await this.upgrade(name, version).catch(() => undefined);
    if (begun) expect(begun.status, JSON.stringify(begun.body)).toBe(202);
    const over = until(240 * SECONDS, () => {
      const { status, problem } = this.newest(name) ?? {};
      return status === 'Failed' ? `${status} ${problem}` : undefined;
    });
    expect(await Promise.race([this.daemon.exited, over])).toBe('SIGKILL');
  }

  /** The control plane has seen that it is there. */
  offered(name: string, version: string) {
    return until(40 * SECONDS, async () => {
      const builds = `${this.idOf(name)}/providers/Flexdeck.Local/builds?api-version=2026-11-01-preview`;
      const { value } = (await this.daemon.arm('GET', builds)).body;
      return value.some(({ name: id }: { name: string }) => id === `mysql-${version.replace('.', '-')}`) || undefined;
    });
  }

  runsOn(name: string): string | undefined {
    return readFileSync(`/proc/${this.pidOf(name)}/cmdline`, 'utf8').match(/mysql-10-\d+|build-\d+/)?.[0];
  }

  async notes(name: string): Promise<string[]> {
    const found = (await this.query(name, 'SELECT note FROM shop.orders ORDER BY id')) as RowDataPacket[];
    return found.map(({ note }) => note as string);
  }

  async prepare(name: string): Promise<void> {
    await this.admit(name);
    await this.query(name, 'CREATE DATABASE shop');
    await this.query(name, 'CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(90))');
    await this.query(name, "INSERT INTO shop.orders (note) VALUES ('before')");
  }

  newest(name: string) {
    return this.read((database) => listUpgrades(database, this.row(name).id))[0];
  }
}

describe.skipIf(!runtimes)('an upgrade (skipped where no private MySQL runtime can be copied)', () => {
  const home = makeHome();
  const servers = new Upgraded(home);
  const env = { FLEXDECK_RUNTIMES: runtimes?.folder ?? '' };
  const NAME = 'upgraded1';

  beforeAll(async () => {
    if (!runtimes) return;
    runtimes.register('build-0', Date.UTC(2025, 0, 1));
    await servers.begin('Upgrades', env);
    await servers.succeed(await servers.make(NAME));
    await servers.prepare(NAME);
  }, LONG.timeout);

  afterAll(async () => {
    await destroyHome(home);
    runtimes?.removeAll();
  });

  it(
    'goes on after the daemon’s death, with checks, a backup and a rehearsal before it, and all data',
    LONG,
    async () => {
      const version = servers.register();
      await servers.offered(NAME, version);
      await servers.daemon.kill9();
      await servers.start({ ...env, FLEXDECK_FAILPOINT: 'upgrade-server/newerRuns/before' });
      expect(await servers.upgrade(NAME, version)).toMatchObject({ status: 202 });
      expect(await servers.daemon.exited).toBe('SIGKILL');
      expect(existsSync(join(servers.folderOf(NAME), 'before-upgrade', 'data'))).toBe(true);
      await servers.start(env);
      await until(60 * SECONDS, () => servers.row(NAME).state === 'Ready' || undefined);
      await servers.answersAgain(NAME, 20 * SECONDS);
      expect(servers.newest(NAME)).toMatchObject({ status: 'Succeeded', toVersion: version });
      expect(servers.newest(NAME)!.downtimeMs).toBeGreaterThan(0);
      expect(servers.runsOn(NAME)).toBe('mysql-10-1');
      expect(await servers.notes(NAME)).toEqual(['before']);
      const { properties } = (await servers.daemon.arm('GET', servers.idOf(NAME))).body;
      expect(properties).toMatchObject({ state: 'Ready', version });
      const { value } = (await servers.daemon.arm('GET', `${servers.idOf(NAME)}/backups`)).body;
      expect(value.map(({ name }: { name: string }) => name)).toContain(servers.newest(NAME)!.backup);
      // Neither the rehearsal's instance nor the copy for the way back is left.
      const folders = readdirSync(homePaths(home).instancesFolder);
      expect(folders.filter((it) => !it.startsWith('.'))).toEqual([servers.primary(NAME).id]);
      expect(readdirSync(servers.folderOf(NAME)).filter((it) => it.startsWith('before-upgrade'))).toEqual([]);
    },
  );

  it.runIf(ALL_STEPS)('is checked beforehand: what stands against it is named, and refused', LONG, async () => {
    const version = servers.register();
    await servers.offered(NAME, version);
    const local = `${servers.idOf(NAME)}/providers/Flexdeck.Local`;
    const check = async () => {
      const body = { version, rehearse: true };
      await servers.succeed(
        await servers.daemon.arm('POST', `${local}/checkUpgrade?api-version=2026-11-01-preview`, body),
      );
      const { value } = (await servers.daemon.arm('GET', `${local}/upgradeChecks?api-version=2026-11-01-preview`)).body;
      return value[0].properties;
    };
    const passed = await check();
    expect(passed).toMatchObject({ status: 'Passed', toVersion: version });
    expect(passed.startMilliseconds).toBeGreaterThan(0);
    expect(passed.checks.find(({ name }: { name: string }) => name === 'rehearsal')).toMatchObject({
      outcome: 'Passed',
    });

    const connection = await servers.connect(NAME);
    await connection.query("XA START 'left'");
    await connection.query("INSERT INTO shop.orders (note) VALUES ('xa')");
    await connection.query("XA END 'left'");
    await connection.query("XA PREPARE 'left'");
    const failed = await check();
    expect(failed.status).toBe('Failed');
    expect(
      failed.checks.filter(({ outcome }: { outcome: string }) => outcome === 'Failed').map(({ name }: never) => name),
    ).toEqual(['transactions']);
    const before = servers.pidOf(NAME);
    const ended = await servers.daemon.ended(await servers.upgrade(NAME, version));
    expect(ended).toMatchObject({
      status: 'Failed',
      error: { code: 'UpgradeChecksFailed', details: [{ target: 'transactions' }] },
    });
    expect(servers.pidOf(NAME)).toBe(before);
    await connection.query("XA ROLLBACK 'left'");
    connection.destroy();
  });

  it.runIf(ALL_STEPS)('goes back to the older MySQL and its data when the newer one does not start', LONG, async () => {
    const before = servers.runsOn(NAME);
    const { version: series } = servers.row(NAME).intent.properties;
    const version = servers.register();
    await servers.offered(NAME, version);
    await servers.query(NAME, "INSERT INTO shop.orders (note) VALUES ('kept')");
    await servers.daemon.kill9();
    await servers.start({ ...env, FLEXDECK_FAILPOINT: 'upgrade-server/dataCopied/after' });
    await servers.dies(NAME, version);
    runtimes!.remove(`mysql-10-${servers.version}`);
    await servers.start(env);
    await until(60 * SECONDS, () => servers.row(NAME).state === 'Ready' || undefined);
    await servers.answersAgain(NAME, 20 * SECONDS);
    expect(servers.runsOn(NAME)).toBe(before);
    expect(servers.row(NAME).intent.properties.version).toBe(series);
    expect(await servers.notes(NAME)).toContain('kept');
    expect(servers.newest(NAME)).toMatchObject({ status: 'Failed' });
    expect(readdirSync(servers.folderOf(NAME)).filter((it) => it.startsWith('before-upgrade'))).toEqual([]);
  });

  const positions = positionsOf('upgrade-server', [], ['passwordSet']);
  it.each(positions)('is finished or undone after the daemon’s death at %s', LONG, async (position) => {
    const version = servers.register();
    await servers.offered(NAME, version);
    await servers.query(NAME, `INSERT INTO shop.orders (note) VALUES ('${position}')`);
    await servers.daemon.kill9();
    await servers.start({ ...env, FLEXDECK_FAILPOINT: position });
    await servers.dies(NAME, version);
    await servers.start(env);
    await until(120 * SECONDS, () => servers.row(NAME).state === 'Ready' || undefined);
    await servers.answersAgain(NAME, 20 * SECONDS);
    expect(servers.newest(NAME)).toMatchObject({ status: 'Succeeded', toVersion: version });
    expect(servers.row(NAME).intent.properties.version).toBe(version);
    expect(await servers.notes(NAME)).toContain(position);
  });

  it.runIf(ALL_STEPS)('rolls with a standby, and clients feel one failover', LONG, async () => {
    const PAIR = 'upgraded2';
    await servers.succeed(await servers.make(PAIR, { highAvailability: { mode: 'ZoneRedundant' } }));
    await servers.prepare(PAIR);
    const healthy = () => until(120 * SECONDS, () => servers.row(PAIR).haState === 'Healthy' || undefined);
    const sides = () => servers.read((database) => listInstances(database, servers.row(PAIR).id));
    const version = servers.register();
    await servers.offered(PAIR, version);
    await servers.succeed(await servers.upgrade(PAIR, version));
    await healthy();
    expect(sides().map(({ runtimeId }) => runtimeId)).toEqual(Array(2).fill(`mysql-10-${servers.version}`));
    expect(servers.newest(PAIR)!.downtimeMs).toBeLessThan(5 * SECONDS);
    expect(await servers.notes(PAIR)).toEqual(['before']);

    // The newer MySQL goes while the standby is on it: the primary never stops, and the standby is cloned from it.
    const next = servers.register();
    await servers.offered(PAIR, next);
    const pid = servers.pidOf(PAIR);
    await servers.daemon.kill9();
    await servers.start({ ...env, FLEXDECK_FAILPOINT: 'upgrade-server/rolling-standbyLetGo/after' });
    await servers.dies(PAIR, next);
    runtimes!.remove(`mysql-10-${servers.version}`);
    await servers.start(env);
    await until(120 * SECONDS, () => servers.row(PAIR).state === 'Ready' || undefined);
    await healthy();
    expect(servers.newest(PAIR)).toMatchObject({ status: 'Failed' });
    expect(servers.pidOf(PAIR)).toBe(pid);
    expect(servers.row(PAIR).intent.properties.version).toBe(version);
    expect(new Set(sides().map(({ runtimeId }) => runtimeId)).size).toBe(1);
  });
});

describe.skipIf(!hasTwo)(
  `MySQL of another series takes the data over (skipped: needs two series of MySQL on this machine, which has ${real.join(', ') || 'none'})`,
  () => {
    const home = makeHome();
    const servers = new Upgraded(home);
    const NAME = 'upgraded3';
    afterAll(() => destroyHome(home));

    it('upgrades, keeps all data, and restores to the older series before that', LONG, async () => {
      await servers.begin('Upgrades');
      await servers.succeed(await servers.make(NAME, { version: older }));
      await servers.prepare(NAME);
      const before = new Date().toISOString();
      await servers.succeed(await servers.upgrade(NAME, newer!));
      const version = async (name: string) => (await servers.query(name, 'SELECT version() AS it')) as RowDataPacket[];
      expect((await version(NAME))[0]!['it']).toContain(newer);
      expect(await servers.notes(NAME)).toEqual(['before']);
      await servers.succeed(
        await servers.daemon.arm('PUT', servers.idOf('upgraded4'), {
          location: 'westeurope',
          properties: {
            createMode: 'PointInTimeRestore',
            sourceServerResourceId: servers.idOf(NAME),
            restorePointInTime: before,
          },
        }),
      );
      expect((await version('upgraded4'))[0]!['it']).toContain(older);
    });
  },
);
