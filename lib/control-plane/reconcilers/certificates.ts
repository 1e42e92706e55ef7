import { ensureServerCertificate } from '../mysql/certificates.ts';
import { withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { certificateNames } from '../operations/server-steps.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { listInstances } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import { apart } from './apart.ts';
import { teller, type Reconciler } from './loop.ts';

/** Renews server certificates before they end; sessions stay. */
export function certificatesReconciler(world: World): Reconciler {
  const { database, log } = world;
  const tell = teller((details) => log.error({ reconciler: 'certificates', ...details }, 'one was not renewed'));
  /** Instances whose files are newer than what their mysqld has. */
  const unread = new Set<string>();
  return {
    name: 'certificates',
    everyMs: 12 * 60 * 60_000,
    async tick() {
      // Others get theirs when they start.
      const ready = listServers(database).filter(({ state }) => state === 'Ready');
      const sides = ready.flatMap((server) => listInstances(database, server.id).map((row) => ({ server, row })));
      const renew = async ({ server, row }: (typeof sides)[number]) => {
        const instance = mysqlInstance(world, row);
        if (!findMysqld(world, row)) return undefined;
        if (await ensureServerCertificate(world.certificateAuthority, instance, certificateNames(server))) {
          unread.add(row.id);
        }
        if (!unread.has(row.id)) return undefined;
        // MySQL's manual, ALTER INSTANCE RELOAD TLS: new sessions get the new one, others go on.
        await withConnection(instancePaths(instance).socket, (connection) =>
          connection.query('ALTER INSTANCE RELOAD TLS'),
        );
        unread.delete(row.id);
        return server.name;
      };
      const renewed = await apart(sides, renew, tell);
      return renewed.length > 0 ? `renewed the certificates of ${renewed.join(', ')}` : undefined;
    },
  };
}
