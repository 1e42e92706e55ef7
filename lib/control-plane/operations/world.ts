import type { Logger } from 'pino';
import { ArmError } from '../../arm/error.ts';
import { findSku } from '../../rules/skus.ts';
import type { Archives } from '../backup/archives.ts';
import type { Clock } from '../clock.ts';
import type { GatewaySession } from '../gateway/protocol.ts';
import type { Notifier } from '../alerts/notifier.ts';
import type { HomePaths } from '../home.ts';
import type { Metering } from '../metrics/metering.ts';
import type { CertificateAuthority } from '../mysql/certificates.ts';
import type { MysqlInstance } from '../mysql/instance.ts';
import type { Machine, ServerSize } from '../mysql/options.ts';
import type { ProcessExit } from '../mysql/process.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import type { Database } from '../store/database.ts';
import type { InstanceRow } from '../store/instances.ts';
import type { ServerIntent } from '../store/servers.ts';
import type { Engine } from './definition.ts';
import type { Fronts } from './fronts.ts';

/** What operations work on and with. Made once, by `main.ts`; tests make their own. */
export interface World {
  database: Database;
  /** The archives of the servers' logs. */
  archives: Archives;
  /** What measures servers, and what was measured. */
  metering: Metering;
  /** Brings alerts to people. */
  notifier: Notifier;
  clock: Clock;
  log: Logger;
  paths: HomePaths;
  machine: Machine;
  /** Servers are held to the vCores of their size, where the machine allows it. */
  holdsProcessors: boolean;
  certificateAuthority: CertificateAuthority;
  /** The home's part of the loopback network: `127.83.x`. */
  addressBlock: string;
  /** Those that this daemon found, best first. */
  runtimes: readonly MysqlRuntime[];
  /** Ids of installations in the folder of runtimes that cannot be used, with the reason. */
  unusableRuntimes: ReadonlyMap<string, string>;
  fronts: Fronts;
  /** Random GUIDs. */
  newId(): string;
  /** The folder of the runtime's template, made when it is not there yet. */
  template(runtime: MysqlRuntime): Promise<string>;
  /** A first free port of these on the address, for the gateway to listen on. */
  freePort(address: string, candidates: Iterable<number>): Promise<number>;
  /** Clients of a server as the gateway has them; none when it does not answer. */
  clientSessions(serverId: string): Promise<GatewaySession[]>;
  /** Something was written that a reconciler sees to: it looks now. */
  wake(): void;
  /** Called when a mysqld that this daemon started has ended, wanted or not. */
  mysqldEnded(instanceId: string, exit: ProcessExit): void;
}

/** What handlers get: to begin operations, and to read the store. */
export interface Control {
  engine: Engine;
  world: World;
}

/** @throws {ArmError} when the runtime that the instance was made with is not on this machine any more. */
export function runtimeOf(world: World, runtimeId: string): MysqlRuntime {
  const runtime = world.runtimes.find(({ id }) => id === runtimeId);
  if (runtime) return runtime;
  throw new ArmError(
    'ServerVersionNotAvailable',
    409,
    `The MySQL installation “${runtimeId}” that this server runs on was not found on this machine. Bring it back to its place and start the control plane again.`,
  );
}

export function mysqlInstance(world: Pick<World, 'paths'>, { id, mysqlServerId }: InstanceRow): MysqlInstance {
  return { id, mysqlServerId, folder: world.paths.instanceFolder(id), runFolder: world.paths.runFolder };
}

export function sizeOf(intent: ServerIntent): ServerSize {
  const sku = findSku(intent.sku.name);
  if (!sku)
    throw new ArmError('InvalidParameterValue', 400, `There is no size ${intent.sku.name}.`, { target: 'sku.name' });
  const { name, vCores, memoryGiB, maxIops, maxConnections, bufferPoolBytes } = sku;
  const { iops, autoIoScaling } = intent.properties.storage;
  return {
    name,
    vCores,
    memoryGiB,
    iops: autoIoScaling === 'Enabled' || typeof iops !== 'number' ? maxIops : Math.min(iops, maxIops),
    maxConnections,
    bufferPoolBytes: bufferPoolBytes.default,
    maxBufferPoolBytes: bufferPoolBytes.max,
  };
}
