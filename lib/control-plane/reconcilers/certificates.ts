import { ensureServerCertificate } from '../mysql/certificates.ts';
import { withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { certificateNames } from '../operations/server-steps.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { listInstances } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** Renews server certificates before they end; sessions stay. */
export function certificatesReconciler(world: World): Reconciler {
  return {
    name: 'certificates',
    everyMs: 12 * 60 * 60_000,
    async tick() {
      const renewed: string[] = [];
      for (const server of listServers(world.database)) {
        // Others get theirs when they start.
        if (server.state !== 'Ready') continue;
        for (const row of listInstances(world.database, server.id)) {
          const instance = mysqlInstance(world, row);
          if (!findMysqld(world, row)) continue;
          if (!(await ensureServerCertificate(world.certificateAuthority, instance, certificateNames(server))))
            continue;
          // MySQL's manual, ALTER INSTANCE RELOAD TLS: new sessions get the new one, others go on.
          await withConnection(instancePaths(instance).socket, (connection) =>
            connection.query('ALTER INSTANCE RELOAD TLS'),
          );
          renewed.push(server.name);
        }
      }
      return renewed.length > 0 ? `renewed the certificates of ${renewed.join(', ')}` : undefined;
    },
  };
}
