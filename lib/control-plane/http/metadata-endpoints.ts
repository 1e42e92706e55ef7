import type { FastifyInstance } from 'fastify';
import { originOf } from './context.ts';

/**
 * `/metadata/endpoints`: what `az cloud register` and SDKs read to learn a cloud. Open to all, as in Azure. The login
 * endpoint has AD FS's form, since CLIs would go to Microsoft's servers for the discovery of any other.
 *
 * @param portalOrigin `http://localhost:3000`
 */
export function metadataEndpoints(portalOrigin: string): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get('/metadata/endpoints', async (request) => {
      const origin = originOf(request);
      const apiVersion = (request.query as Record<string, string>)['api-version'] ?? '';
      const cloud = cloudOf(portalOrigin, origin);
      // The first versions answered with an object, 2019-05-01 with a list of clouds, 2022-09-01 with an object again.
      return apiVersion >= '2019-05-01' && apiVersion < '2022-09-01' ? [cloud] : cloud;
    });
  };
}

function cloudOf(portal: string, origin: string): Record<string, unknown> {
  return {
    name: 'Flexdeck',
    portal,
    resourceManager: origin,
    authentication: {
      loginEndpoint: `${origin}/adfs`,
      audiences: [origin, 'https://management.azure.com/', 'https://management.core.windows.net/'],
      tenant: 'adfs',
      identityProvider: 'ADFS',
    },
    suffixes: {},
  };
}
