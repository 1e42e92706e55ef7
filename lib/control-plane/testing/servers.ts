/** Servers of a real daemon's home: made, changed, killed and looked at, over the API and from outside. */
import { readFileSync } from 'node:fs';
import { createConnection, type Connection } from 'mysql2/promise';
import { homePaths } from '../home.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { readPrimary, type InstanceRow } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { findServerByName, type ServerRow } from '../store/servers.ts';
import { spawnDaemon, startDaemon, until, type ArmAnswer, type TestDaemon } from './daemon.ts';

export const PASSWORD = 'Correct-horse-1';

const SECONDS = 1000;

/** A home's servers. Its daemon changes as tests kill it and start another. */
export class TestServers {
  readonly home: string;
  daemon!: TestDaemon;
  group = '';

  constructor(home: string) {
    this.home = home;
  }

  /** Starts the first daemon, and makes the one resource group. */
  async begin(group: string, env: Record<string, string> = {}): Promise<void> {
    await this.start(env);
    this.group = `/subscriptions/${this.daemon.ready.subscriptionId}/resourceGroups/${group}`;
    const made = await this.daemon.arm('PUT', `${this.group}?api-version=2021-04-01`, { location: 'westeurope' });
    if (made.status !== 201) throw new Error(`No group: ${JSON.stringify(made.body)}`);
  }

  async start(env: Record<string, string> = {}, args: string[] = []): Promise<void> {
    this.daemon = await startDaemon({ home: this.home, env, args });
  }

  idOf(name: string): string {
    return `${this.group}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
  }

  create(name: string): Promise<ArmAnswer> {
    return this.daemon.arm('PUT', this.idOf(name), {
      location: 'westeurope',
      sku: { name: 'Standard_B1ms', tier: 'Burstable' },
      properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, storage: { storageSizeGB: 20 } },
    });
  }

  act(name: string, action: 'start' | 'stop' | 'restart'): Promise<ArmAnswer> {
    return this.daemon.arm('POST', `${this.idOf(name)}/${action}`, action === 'restart' ? {} : undefined);
  }

  /** @throws {Error} with the operation's own error when it did not succeed. */
  async succeed(answer: ArmAnswer): Promise<void> {
    const operation = await this.daemon.ended(answer);
    if (operation.status !== 'Succeeded') throw new Error(`Not succeeded: ${JSON.stringify(operation)}`);
  }

  async admit(name: string): Promise<void> {
    const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
    await this.succeed(await this.daemon.arm('PUT', `${this.idOf(name)}/firewallRules/here`, rule));
  }

  async stateOf(name: string): Promise<string> {
    const { status, body } = await this.daemon.arm('GET', this.idOf(name));
    return status === 404 ? 'gone' : body.properties.state;
  }

  /** As a customer does: to the server's address, over TLS. (mysql2 cannot compare a certificate with an address.) */
  async connect(name: string, { user = 'owner', password = PASSWORD } = {}): Promise<Connection> {
    const { body } = await this.daemon.arm('GET', this.idOf(name));
    return createConnection({
      host: body.properties.fullyQualifiedDomainName,
      port: body.properties.databasePort ?? 3306,
      user,
      password,
      ssl: { ca: readFileSync(this.daemon.ready.caFile) },
    });
  }

  async query(name: string, sql: string): Promise<unknown> {
    const connection = await this.connect(name);
    try {
      return (await connection.query(sql))[0];
    } finally {
      connection.destroy();
    }
  }

  /** Again and again until it works: while a server comes back. */
  async answersAgain(name: string, withinMs: number): Promise<void> {
    await until(withinMs, () =>
      this.query(name, 'SELECT 1').then(
        () => true,
        () => undefined,
      ),
    );
  }

  read<T>(work: (database: Database) => T): T {
    const database = openControlDatabase(homePaths(this.home).controlDatabase);
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  row(name: string): ServerRow {
    return this.read((database) => findServerByName(database, name)!);
  }

  primary(name: string): InstanceRow {
    return this.read((database) => readPrimary(database, findServerByName(database, name)!.id));
  }

  pidOf(name: string): number {
    return this.primary(name).process!.pid;
  }

  folderOf(name: string): string {
    return homePaths(this.home).instanceFolder(this.primary(name).id);
  }

  /** Begins an operation on a daemon that dies at this position of it, and starts another that has to see to the rest. */
  async dieAt(position: string, begin: () => Promise<ArmAnswer>): Promise<void> {
    await this.dieFirst(position, begin);
    await this.finish();
  }

  /** The same, and starts none. */
  async dieFirst(position: string, begin: () => Promise<ArmAnswer>): Promise<void> {
    await this.daemon.kill9();
    await this.start({ FLEXDECK_FAILPOINT: position });
    // The answer may be lost with the daemon: the operation goes on all the same, or was never begun.
    const answer = await begin().catch(() => undefined);
    if (answer && answer.status !== 202) throw new Error(`Not accepted: ${JSON.stringify(answer.body)}`);
    const end = await this.daemon.exited;
    if (end !== 'SIGKILL') throw new Error(`The daemon ended by ${end}.`);
  }

  /** Starts a daemon that goes on with what is in progress, and dies at this position of it. */
  async goOnAndDieAt(position: string): Promise<void> {
    const dying = spawnDaemon({ home: this.home, env: { FLEXDECK_FAILPOINT: position } });
    await until(60 * SECONDS, () => dying.signalCode ?? undefined);
  }

  /** Starts a daemon, and waits until nothing is in progress. */
  async finish(): Promise<void> {
    await this.start();
    await until(60 * SECONDS, () => this.read(listOperationsInProgress).length === 0 || undefined);
  }
}
