import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { ServerCertificate } from '../../arm/local/server-certificate.ts';
import { readServerCertificate } from '../mysql/certificates.ts';
import { mysqlInstance } from '../operations/world.ts';
import { findPrimary } from '../store/instances.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

/** The certificate that a server shows to its clients; it is public, and has no API in Azure. */
export function serverCertificateRoutes(resources: Resources): ArmRoute[] {
  const { world } = resources.control;
  return [
    {
      method: 'GET',
      path: `${ONE_SERVER}/providers/${FLEXDECK_LOCAL}/certificate`,
      operationId: 'ServerCertificate_Get',
      action: `${FLEXDECK_LOCAL}/certificate/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      async handle(request) {
        const server = requireServer(resources, request);
        const primary = findPrimary(world.database, server.id);
        const found = primary && (await readServerCertificate(mysqlInstance(world, primary)));
        if (!found) throw new ArmError('CertificateNotFound', 404, 'The server has no certificate yet.');
        const { names, validFrom, validTo, renewedFrom, fingerprint } = found;
        const body: ServerCertificate = {
          id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/certificate`,
          name: 'certificate',
          type: `${FLEXDECK_LOCAL}/certificate`,
          properties: {
            names,
            validFrom: validFrom.toISOString(),
            validTo: validTo.toISOString(),
            renewedFrom: renewedFrom.toISOString(),
            fingerprint,
          },
        };
        return { status: 200, body };
      },
    },
  ];
}
