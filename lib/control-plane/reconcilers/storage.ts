import { statfs } from 'node:fs/promises';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { findSku } from '../../rules/skus.ts';
import { grownStorage, readOnlyBelowBytes } from '../../rules/storage.ts';
import { fileSizes } from '../metrics/sources/files.ts';
import { instancePaths } from '../mysql/instance.ts';
import { rows } from '../mysql/client.ts';
import { beginSetStorageAccess, beginUpdateServer } from '../operations/begin.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { withInstance } from '../operations/server-steps.ts';
import { mysqlInstance, type Control, type World } from '../operations/world.ts';
import { planServerUpdate } from '../resources/server-intent.ts';
import { intentOf } from '../resources/server-shape.ts';
import { listInstances, type InstanceRow } from '../store/instances.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, readServer, type ServerRow } from '../store/servers.ts';
import { itself } from './itself.ts';
import type { Reconciler } from './loop.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** Faster than anybody fills a server here; one with much free is looked at as much more seldom. */
const FILL_BYTES_A_SECOND = 500 * MIB;
const MOST_SELDOM_MS = 20_000;
/** A session that holds tables locked may keep the change from being made. */
const AGAIN_MS = 10_000;
/** With less on the machine's own disk MySQL might not be able to end what it has begun. */
const DISK_RESERVE_BYTES = 256 * MIB;

/** What is measured on disk; tests have their own. */
export interface StorageGauge {
  /** Bytes that an instance's data, logs and all else take. */
  used(instance: InstanceRow): Promise<number>;
  /** Bytes that are free where the instance lies. */
  diskFree(instance: InstanceRow): Promise<number>;
  /** Whether its mysqld lets clients write. */
  takesWrites(instance: InstanceRow): Promise<boolean>;
}

/**
 * Holds servers to their storage: those that may grow do so in time; one that is almost full, or whose disk is, takes no
 * writes until more is free. The side that has more counts, where there are two.
 */
export function storageReconciler(
  control: Control,
  tenantId: string,
  gauge: StorageGauge = diskGauge(control.world),
): Reconciler {
  const { world } = control;
  const { database, clock, log, newId } = world;
  /** When a server is to be looked at again: what is far from full can wait. */
  const nextLook = new Map<string, number>();

  async function tickServer(server: ServerRow): Promise<string | undefined> {
    const wait = (nextLook.get(server.id) ?? 0) - clock.now();
    // One that is further off is from before the clock was set back.
    if (server.state !== 'Ready' || (wait > 0 && wait <= MOST_SELDOM_MS)) return undefined;
    const instances = listInstances(database, server.id).filter(({ desired }) => desired === 'running');
    const primary = instances.find(({ role }) => role === 'primary');
    if (!primary) return undefined;
    const { storage } = intentOf(server).properties;
    const used = Math.max(...(await Promise.all(instances.map(gauge.used))));
    // Where there are two sides, the one whose disk is full gives way to the other: both count where both are.
    const disk = Math.max(...(await Promise.all(instances.map(gauge.diskFree))));
    const free = storage.storageSizeGB * GIB - used;
    const margin = free - readOnlyBelowBytes(storage.storageSizeGB);
    const nearest = Math.min(margin, disk - DISK_RESERVE_BYTES);
    const calm = Math.min(MOST_SELDOM_MS, (Math.max(0, nearest) / FILL_BYTES_A_SECOND) * 1000);
    nextLook.set(server.id, clock.now() + calm);
    const wrong = server.storageFull === 1 && (await gauge.takesWrites(primary));

    // What was true before the files were looked at need not be so after it.
    const now = readServer(database, server.id);
    if (now.state !== 'Ready' || now.revision !== server.revision || findExclusiveOperation(database, server.id)) {
      return undefined;
    }
    const from = { server: now, apiVersion: FLEXDECK_LOCAL_VERSION, caller: itself(tenantId, newId()) };
    const grown = storage.autoGrow === 'Enabled' ? grownStorage(storage.storageSizeGB, free, tierOf(now)) : undefined;
    if (grown !== undefined) {
      const versions = [...new Set(world.runtimes.map(({ series }) => series))];
      const change = { properties: { storage: { storageSizeGB: grown } } };
      const { intent } = planServerUpdate({ ...now, intent: intentOf(now) }, change, { versions });
      beginUpdateServer(control, { ...from, intent });
      nextLook.delete(server.id);
      return `${server.name}: its storage grows from ${storage.storageSizeGB} to ${grown} GiB`;
    }
    const full = nearest < 0;
    if (full === (now.storageFull === 1) && !wrong) return undefined;
    beginSetStorageAccess(control, { ...from, full });
    nextLook.set(server.id, clock.now() + AGAIN_MS);
    if (!full) return `${server.name} takes writes again`;
    return `${server.name} is read-only: ${margin < 0 ? 'its storage' : 'the disk of this machine'} is almost full`;
  }

  return {
    name: 'storage',
    everyMs: 5_000,
    async tick() {
      const stories = await Promise.all(
        listServers(database).map((server) =>
          tickServer(server).catch((failure: unknown) => {
            // One that ends while it is looked at is the business of others.
            log.warn({ err: failure, server: server.id }, 'the storage could not be looked at');
            return undefined;
          }),
        ),
      );
      const told = stories.filter((story) => story !== undefined);
      return told.length > 0 ? told.join('; ') : undefined;
    },
  };
}

function tierOf({ intent }: ServerRow) {
  return findSku(intent.sku.name)!.tier;
}

function diskGauge(world: World): StorageGauge {
  const folderOf = (row: InstanceRow) => instancePaths(mysqlInstance(world, row)).dataDirectory;
  return {
    async used(row) {
      const files = await fileSizes(folderOf(row));
      return files.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    async diskFree(row) {
      const { bavail, bsize } = await statfs(folderOf(row));
      return bavail * bsize;
    },
    async takesWrites(row) {
      if (!findMysqld(world, row)) return false;
      return withInstance(world, row, async (connection) => {
        const [found] = await rows<{ readOnly: number }>(connection, 'SELECT @@GLOBAL.read_only AS readOnly');
        return found?.readOnly === 0;
      });
    },
  };
}
